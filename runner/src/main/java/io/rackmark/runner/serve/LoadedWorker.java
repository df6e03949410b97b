package io.rackmark.runner.serve;

import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.worker.WorkerProcess;

/** A worker with its model loaded. */
public record LoadedWorker(WorkerProcess worker, ModelFacts facts) {}
