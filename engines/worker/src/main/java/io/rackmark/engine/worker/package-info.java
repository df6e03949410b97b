/**
 * A child JVM that holds one engine, and the runner's end of it. Entry types: {@link
 * io.rackmark.engine.worker.WorkerLauncher} for the runner, {@link
 * io.rackmark.engine.worker.WorkerMain} for the child. Both ends speak length-framed JSON ({@link
 * io.rackmark.engine.worker.Frames}) over a private Unix domain socket; nothing is sent per token
 * unless the caller asks for text.
 */
@NullMarked
package io.rackmark.engine.worker;

import org.jspecify.annotations.NullMarked;
