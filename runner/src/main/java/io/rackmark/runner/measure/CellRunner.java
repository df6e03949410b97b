package io.rackmark.runner.measure;

import io.rackmark.engine.Fact;
import io.rackmark.engine.worker.EngineOpened;
import io.rackmark.engine.worker.MemorySnapshot;
import io.rackmark.engine.worker.ModelLoaded;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.runner.energy.CellMetering;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.Property;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one cell from exec to the last request. A cell that fails yields a record like any other.
 */
public final class CellRunner {
    private final ResultSink sink;
    private final StepListener listener;
    private final EnergyMetering meters;

    public CellRunner(ResultSink sink, StepListener listener, EnergyMetering meters) {
        this.sink = sink;
        this.listener = listener;
        this.meters = meters;
    }

    /**
     * Runs the cell and stores its record; throws nothing for what goes wrong inside the worker.
     */
    public CellRecord run(CellSpec spec, CellWork work, Progress progress) {
        List<Flag> flags = new ArrayList<>();
        CellMetering energy = meters.cell(spec.key(), progress.attempt());
        LifeCycle.PageCache pageCache = preparePageCache(spec, flags);
        CellRecord record;
        try (WorkerProcess worker = WorkerLauncher.start(spec.worker())) {
            record =
                    inWorker(
                            worker,
                            spec,
                            metered(work, worker, energy),
                            progress,
                            pageCache,
                            flags);
        } catch (WorkerException e) {
            record = failed(spec, e, null, List.of(), flags);
        }
        CellRecord metered = withEnergy(record, energy);
        sink.energy(energy.record());
        sink.cell(metered);
        return metered;
    }

    /** Meters run from before the first request until after the last, however the work ends. */
    private static CellWork metered(CellWork work, WorkerProcess worker, CellMetering energy) {
        return session -> {
            energy.start(worker.started().pid());
            try {
                work.run(session);
            } finally {
                energy.stop();
            }
        };
    }

    /** Adds what the meters saw besides energy: device memory and cautions. */
    private static CellRecord withEnergy(CellRecord cell, CellMetering energy) {
        List<Flag> flags = new ArrayList<>(cell.flags());
        flags.addAll(energy.flags());
        @Nullable Memory memory = cell.memory();
        return new CellRecord(
                cell.key(),
                cell.state(),
                cell.lifeCycle(),
                memory == null ? null : memory.withDeviceBytes(energy.workerMemoryBytes()),
                cell.failure(),
                cell.facts(),
                flags);
    }

    private CellRecord inWorker(
            WorkerProcess worker,
            CellSpec spec,
            CellWork work,
            Progress progress,
            LifeCycle.PageCache pageCache,
            List<Flag> flags) {
        CellSession session = new CellSession(spec.key(), worker, progress, sink, listener);
        List<Property> facts = new ArrayList<>();
        try {
            EngineOpened opened = worker.open();
            opened.facts().forEach(fact -> facts.add(property(fact)));
            ModelLoaded loaded = worker.load(spec.model(), spec.load());
            loaded.facts().facts().forEach(fact -> facts.add(property(fact)));
            work.run(session);
            facts.addAll(session.facts());
            flags.addAll(session.flags());
            Memory memory = memory(loaded, worker.memory(), flags);
            compare(worker, spec, facts, flags);
            return new CellRecord(
                    spec.key(),
                    CellRecord.State.DONE,
                    lifeCycle(worker, opened, loaded, pageCache, session),
                    memory,
                    null,
                    facts,
                    flags);
        } catch (WorkerException e) {
            return failed(spec, e, session.running().orElse(null), facts, flags);
        }
    }

    /** Last, so that no figure of the cell contains it. */
    private static void compare(
            WorkerProcess worker, CellSpec spec, List<Property> facts, List<Flag> flags) {
        if (spec.probe() == null) {
            return;
        }
        spec.probe()
                .check(worker, spec.model().precision())
                .ifPresent(
                        found -> {
                            facts.addAll(found.properties());
                            if (found.broken()) {
                                flags.add(notTheSameModel(spec, found));
                            }
                        });
    }

    private static Flag notTheSameModel(CellSpec spec, Equivalence found) {
        return new Flag(
                Flag.Kind.NOT_EQUIVALENT,
                "%s is compared as deployed, not like for like: %s. Look at it with 'rackmark models verify'."
                        .formatted(
                                spec.key().system(),
                                found.samePrompt()
                                        ? "its logits differ from the checkpoint's by %.1e (relative RMS), over %.0e"
                                                .formatted(found.relativeRms(), found.bound())
                                        : "it makes other tokens of the same text"));
    }

    private static LifeCycle lifeCycle(
            WorkerProcess worker,
            EngineOpened opened,
            ModelLoaded loaded,
            LifeCycle.PageCache pageCache,
            CellSession session) {
        long exec = worker.started().execNanos();
        long main = worker.started().mainNanos();
        @Nullable Long first = session.firstRequest().map(f -> f[1] - f[0]).orElse(null);
        @Nullable Long coldStart = session.firstRequest().map(f -> f[1] - exec).orElse(null);
        return new LifeCycle(
                main - exec,
                opened.readyNanos() - main,
                loaded.readyNanos() - loaded.startedNanos(),
                pageCache,
                first,
                coldStart);
    }

    private static Memory memory(ModelLoaded loaded, MemorySnapshot end, List<Flag> flags) {
        @Nullable Long swap = end.swapBytes();
        if (swap != null && swap > 0) {
            flags.add(
                    new Flag(
                            Flag.Kind.SWAP_USED,
                            "The worker was swapped out by %d bytes; free memory and repeat."
                                    .formatted(swap)));
        }
        long kvCache = loaded.facts().kvCacheBytes();
        return new Memory(
                loaded.before().rssBytes(),
                loaded.after().rssBytes(),
                end.peakRssBytes(),
                end.mappedFileBytes(),
                kvCache < 0 ? null : kvCache,
                null,
                swap);
    }

    private static LifeCycle.PageCache preparePageCache(CellSpec spec, List<Flag> flags) {
        Path weights = spec.model().weights();
        try {
            return switch (spec.pageCache()) {
                case COLD -> evicted(weights, flags);
                case WARM -> PageCache.warm(weights);
                case UNKNOWN -> PageCache.state(weights);
            };
        } catch (IOException e) {
            flags.add(
                    new Flag(
                            Flag.Kind.PAGE_CACHE_NOT_EVICTED,
                            "The page cache could not be prepared (" + e.getMessage() + ")."));
            return LifeCycle.PageCache.UNKNOWN;
        }
    }

    private static LifeCycle.PageCache evicted(Path weights, List<Flag> flags) throws IOException {
        LifeCycle.PageCache state = PageCache.evict(weights);
        if (state != LifeCycle.PageCache.COLD) {
            flags.add(
                    new Flag(
                            Flag.Kind.PAGE_CACHE_NOT_EVICTED,
                            "The weights stayed in the page cache; the load is not counted as cold."
                                    + " Close other users of the file, or store it on a disk file"
                                    + " system."));
        }
        return state;
    }

    private static CellRecord failed(
            CellSpec spec,
            WorkerException e,
            @Nullable String request,
            List<Property> facts,
            List<Flag> flags) {
        String kind =
                Stream.of(e.engineKind(), e.kind())
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElseThrow()
                        .toString();
        return new CellRecord(
                spec.key(),
                CellRecord.State.FAILED,
                null,
                null,
                new CellRecord.Failure(
                        kind, String.valueOf(e.getMessage()), request, e.lastLogLines()),
                facts,
                flags);
    }

    private static Property property(Fact fact) {
        return new Property(fact.name(), fact.value());
    }
}
