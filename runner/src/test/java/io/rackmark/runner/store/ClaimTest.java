package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
    @TempDir private Path directory;

    @Test
    void aRunIsClaimedOnceUntilTheClaimIsClosed() {
        try (ResultStore store = ResultStore.open(directory.resolve("results.db"))) {
            store.create(SampleRecords.run(), SampleRecords.CELLS);
            store.create(SampleRecords.run("other", Instant.EPOCH), SampleRecords.CELLS);
            RunClaim claim = store.claim(RUN);
            assertThatThrownBy(() -> store.claim(RUN))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
            store.claim("other").close();
            claim.close();
            claim.close();
            store.claim(RUN).close();
            assertThat(directory).isDirectoryNotContaining("glob:**.lock");
            assertThatThrownBy(() -> store.claim("unknown"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Run unknown is not in");
        }
    }

    @Test
    void aRefusedClaimDoesNotLoosenTheOneThatHolds() throws Exception {
        try (HostLock lock = HostLock.acquire(directory)) {
            assertThatThrownBy(() -> HostLock.acquire(directory))
                    .isInstanceOf(StoreException.class);
            try (ChildJvm child = ChildJvm.start(LockingChild.class, directory)) {
                assertThat(child.process().waitFor()).isNotZero();
            }
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void theHostLockNamesTheProcessThatHoldsItAndEndsWithIt() throws Exception {
        try (ChildJvm child = ChildJvm.start(LockingChild.class, directory)) {
            assertThat(child.lines().readLine()).startsWith("locked");
            assertThatThrownBy(() -> HostLock.acquire(directory))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(
                            "Another benchmark runs on this host (process %d holds"
                                    .formatted(child.process().pid()));
            child.kill();
        }
        HostLock.acquire(directory).close();
    }

    @Test
    void aFileInPlaceOfTheCacheDirectoryIsOneSentence() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "x");
        assertThatThrownBy(() -> HostLock.acquire(plain))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("The host cannot be reserved with");
    }

    @Test
    void manyThreadsNeverHoldTheLockTogether() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        try (var pool = Executors.newFixedThreadPool(4)) {
            IntStream.range(0, 400).forEach(i -> pool.execute(() -> enter(inside, entered)));
        }
        assertThat(entered.get()).isPositive();
        assertThat(inside.get()).isZero();
    }

    private void enter(AtomicInteger inside, AtomicInteger entered) {
        try (HostLock lock = HostLock.acquire(directory)) {
            if (inside.incrementAndGet() != 1) {
                entered.set(Integer.MIN_VALUE);
            }
            entered.incrementAndGet();
            inside.decrementAndGet();
            assertThat(lock).isNotNull();
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("Another benchmark");
        }
    }
}
