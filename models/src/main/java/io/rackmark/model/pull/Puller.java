package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import io.rackmark.model.convert.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a model into the store: plan, lock, fetch what is missing, check, and only then put it in
 * its place. Until then no name leads to it; afterwards it is complete.
 */
public final class Puller {
    /** Left free on the disk. */
    private static final long SPARE_BYTES = 64L << 20;

    private final ModelStore store;
    private final PullSource source;
    private final PullListener listener;

    public Puller(ModelStore store, PullSource source, PullListener listener) {
        this.store = store;
        this.source = source;
        this.listener = listener;
    }

    /**
     * Asks the source what a pull would fetch, and fetches nothing.
     *
     * @throws ModelException when there is no such model or it cannot be fetched
     */
    public PullPlan plan(PullRequest request) {
        HubListing listing = source.list(request.id());
        return new PullPlan(
                request.id(),
                store.place(request.id()),
                source.label(),
                listing,
                FileSelection.of(request.id(), listing, request.includes()));
    }

    /**
     * Fetches the model, or what is missing of it.
     *
     * @throws ModelException in one sentence; what was fetched stays for the next attempt
     */
    public PullResult pull(PullRequest request) {
        Optional<ModelStore.Stored> pinned = store.find(request.id());
        if (request.id().pinned()
                && request.includes().isEmpty()
                && pinned.isPresent()
                && whole(pinned.get())) {
            return PullResult.present(pinned.get());
        }
        try {
            Path root = store.staging(request.id());
            Files.createDirectories(root);
            try (DirectoryLock _ = DirectoryLock.acquire(root, listener::waiting)) {
                return locked(request, new Staging(root));
            }
        } catch (IOException e) {
            throw DiskFaults.of(store.directory(), e);
        }
    }

    private PullResult locked(PullRequest request, Staging staging) throws IOException {
        PullPlan plan = plan(request);
        Optional<ModelStore.Stored> stored = store.find(request.id());
        if (stored.isPresent() && whole(stored.get()) && covers(stored.get().pulled(), plan)) {
            return PullResult.present(stored.get());
        }
        long present = 0;
        for (HubFile file : plan.files()) {
            present += staging.present(file);
        }
        requireSpace(plan.bytes() - present);
        listener.planned(plan, present);
        AtomicLong fetched = new AtomicLong();
        List<PulledModel.File> files = fetch(request, plan, staging, fetched);
        PulledModel pulled =
                new PulledModel(
                        request.id().toString(),
                        plan.listing().commit(),
                        source.label(),
                        plan.listing().licence(),
                        plan.listing().gated(),
                        files);
        removeOthers(staging.files(), pulled);
        CompletenessCheck.of(staging.files(), pulled);
        ModelStore.write(staging.files(), pulled);
        place(plan, staging);
        return new PullResult(plan.directory(), pulled, false, fetched.get());
    }

    /** Whether nobody took files away since the pull. */
    private static boolean whole(ModelStore.Stored stored) {
        return stored.pulled().files().stream()
                .allMatch(
                        file ->
                                stored.directory().resolve(file.name()).toFile().length()
                                        == file.bytes());
    }

    /** Same commit and every chosen file; a source without commits is asked for hashes. */
    private static boolean covers(PulledModel pulled, PullPlan plan) {
        boolean sameCommit =
                !pulled.commit().isEmpty() && pulled.commit().equals(plan.listing().commit());
        Map<String, String> have = new HashMap<>();
        pulled.files().forEach(file -> have.put(file.name(), file.sha256()));
        for (HubFile file : plan.files()) {
            @Nullable String sha256 = have.get(file.path());
            if (sha256 == null || !(sameCommit || file.sha256().equals(Optional.of(sha256)))) {
                return false;
            }
        }
        return true;
    }

    private void requireSpace(long bytes) throws IOException {
        long usable = Files.getFileStore(store.directory()).getUsableSpace();
        if (bytes > usable - SPARE_BYTES) {
            throw DiskFaults.tooSmall(store.directory(), bytes, usable);
        }
    }

    private List<PulledModel.File> fetch(
            PullRequest request, PullPlan plan, Staging staging, AtomicLong fetched) {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(request.parallel(), Thread.ofVirtual().factory())) {
            CompletionService<PulledModel.File> running = new ExecutorCompletionService<>(threads);
            for (HubFile file : plan.files()) {
                running.submit(() -> fetch(plan, file, staging, fetched));
            }
            try {
                List<PulledModel.File> files = new ArrayList<>();
                for (int i = 0; i < plan.files().size(); i++) {
                    files.add(running.take().get());
                }
                return files.stream().sorted(Comparator.comparing(PulledModel.File::name)).toList();
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ModelException(
                        Kind.ENVIRONMENT, "interrupted; what was fetched is kept, pull again", e);
            } finally {
                threads.shutdownNow();
                source.cancel();
            }
        }
    }

    private PulledModel.File fetch(PullPlan plan, HubFile file, Staging staging, AtomicLong fetched)
            throws IOException {
        Optional<PulledModel.File> finished = staging.finished(file);
        if (finished.isEmpty()) {
            finished = fromStore(plan.id(), file, staging);
            finished.ifPresent(reused -> listener.advanced(reused.bytes()));
        }
        if (finished.isPresent()) {
            listener.fetched(file);
            return finished.get();
        }
        try (PartFile part = staging.part(file)) {
            long before = part.size();
            source.fetch(
                    new PullSource.Fetch(
                            plan.id(),
                            plan.listing().commit(),
                            file,
                            part,
                            store.directory(),
                            listener));
            fetched.addAndGet(Math.max(0, part.size() - before));
            PulledModel.File accepted = staging.accept(file, part);
            listener.fetched(file);
            return accepted;
        }
    }

    /** A file that did not change since the version in the store. */
    private Optional<PulledModel.File> fromStore(ModelId id, HubFile file, Staging staging)
            throws IOException {
        Optional<ModelStore.Stored> stored = store.find(id);
        if (stored.isEmpty() || file.sha256().isEmpty()) {
            return Optional.empty();
        }
        Path path = stored.get().directory().resolve(file.path());
        boolean same =
                stored.get().pulled().files().stream()
                        .anyMatch(
                                have ->
                                        have.name().equals(file.path())
                                                && have.sha256().equals(file.sha256().get()));
        return same && Files.isRegularFile(path) && Files.size(path) == file.bytes().orElse(-1)
                ? Optional.of(staging.reuse(file, path, file.sha256().get()))
                : Optional.empty();
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException known -> known;
            case IOException disk -> DiskFaults.of(store.directory(), disk);
            case null, default -> new IllegalStateException(cause);
        };
    }

    /** Files that an interrupted pull of another version or choice completed. */
    private static void removeOthers(Path directory, PulledModel pulled) throws IOException {
        List<Path> wanted =
                pulled.files().stream().map(file -> directory.resolve(file.name())).toList();
        try (var walk = Files.walk(directory)) {
            for (Path path : walk.filter(file -> !Files.isDirectory(file)).toList()) {
                if (!wanted.contains(path)) {
                    Files.delete(path);
                }
            }
        }
    }

    private void place(PullPlan plan, Staging staging) throws IOException {
        Path target = plan.directory();
        Files.createDirectories(target.getParent());
        ModelStore.deleteTree(staging.old());
        if (Files.exists(target)) {
            Files.move(target, staging.old(), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(staging.files(), target, StandardCopyOption.ATOMIC_MOVE);
        store.clearStaging(plan.id());
    }
}
