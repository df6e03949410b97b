package io.rackmark.runner.measure;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.LifeCycle.PageCache;
import org.jspecify.annotations.Nullable;

/**
 * @param key which cell
 * @param worker how its process is started
 * @param model what it loads
 * @param load with which capacity
 * @param pageCache {@code COLD} evicts the weights before the load, {@code WARM} reads them once
 * @param probe compares the loaded model with its checkpoint after the work; null compares nothing
 */
public record CellSpec(
        CellKey key,
        WorkerSpec worker,
        ModelFiles model,
        LoadOptions load,
        PageCache pageCache,
        @Nullable EquivalenceProbe probe) {}
