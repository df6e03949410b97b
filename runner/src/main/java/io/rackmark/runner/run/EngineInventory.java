package io.rackmark.runner.run;

import io.rackmark.engine.Availability;
import io.rackmark.engine.worker.Described;
import io.rackmark.engine.worker.Timeouts;
import io.rackmark.engine.worker.WorkerHome;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.engine.worker.WorkerSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks the installed engines, each in a process of its own, what they are and whether they run. */
public final class EngineInventory {
    private final Home home;
    private final WorkerHome engines;
    private final Map<WorkerSpec, EngineReport> asked = new ConcurrentHashMap<>();

    public EngineInventory(Home home) {
        home.requireCache();
        this.home = home;
        this.engines = new WorkerHome(home.dist());
    }

    /** Ids of all installed engines, sorted. */
    public List<String> ids() {
        return engines.engineIds();
    }

    /** Whether an engine of this id is installed. */
    public boolean has(String id) {
        return ids().contains(id);
    }

    /**
     * What the engine says of itself with these options.
     *
     * @throws io.rackmark.engine.worker.WorkerException when its process fails
     */
    public EngineReport report(String id, Map<String, String> options) {
        return asked.computeIfAbsent(spec(id, options), this::ask);
    }

    /** Asks several engines at the same time, so that {@link #report} need not wait for each. */
    void askTogether(Map<String, Map<String, String>> optionsById) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // What fails is asked, and fails, again where it is reported.
            optionsById.forEach(
                    (id, options) -> {
                        var _ = threads.submit(() -> report(id, options));
                    });
        }
    }

    /** How a worker of this engine is started. */
    public WorkerSpec spec(String id, Map<String, String> options) {
        return new WorkerSpec(
                id,
                engines.classPath(id),
                options,
                jvmArguments(id),
                Map.of(),
                home.cache().resolve("workers").resolve(id),
                Timeouts.DEFAULT);
    }

    /**
     * The classes of a worker come from an archive, which halves what the JVM itself adds to a cold
     * start. The process that is only asked writes it when it ends, so that every measured one
     * finds it.
     */
    private List<String> jvmArguments(String id) {
        return List.of(
                "-Drackmark.cache=" + home.cache(),
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive(id),
                "-Xlog:disable", // a note about every archive that no longer fits
                "-Xlog:all=error:stderr");
    }

    private Path archive(String id) {
        return home.cache().resolve("workers").resolve(id + ".jsa");
    }

    /** Whether the JVM will use the archive; it writes a new one when a class path changed. */
    private boolean isArchived(WorkerSpec spec) {
        File archive = archive(spec.engineId()).toFile();
        return spec.classPath().stream()
                .allMatch(jar -> jar.toFile().lastModified() < archive.lastModified());
    }

    private EngineReport ask(WorkerSpec spec) {
        boolean archived = isArchived(spec);
        try (WorkerProcess worker = WorkerLauncher.start(spec)) {
            Described described = worker.describe();
            if (!archived && described.availability() instanceof Availability.Available) {
                worker.open(); // for its classes, which the archive then has too
            }
            return new EngineReport(described.description(), described.availability());
        }
    }
}
