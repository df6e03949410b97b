package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.RUN;
import static io.rackmark.runner.store.SampleRecords.SPEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.runner.result.RequestRecord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
    private static final int ROUNDS = 8;

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void createRun() {
        file = directory.resolve("results.db");
        try (ResultStore store = ResultStore.open(file)) {
            store.create(SampleRecords.run(), SampleRecords.CELLS);
        }
    }

    @Test
    void whatAKilledRunnerHadStoredIsThereAndTheRunCanBeClaimedAgain() throws Exception {
        Random random = new Random(20261123);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            acknowledged.addAll(killedAfter(random, round));
            assertThat(acknowledged).hasSizeGreaterThan(before);
            assertThat(stored()).containsAll(acknowledged);
        }
        try (Database database = Database.open(file)) {
            database.guarded(() -> assertThat(database.pragma("integrity_check")).isEqualTo("ok"));
        }
    }

    /** Labels that the child reported before it died, also those still in the pipe. */
    private Set<String> killedAfter(Random random, int round) throws Exception {
        Set<String> labels = new HashSet<>();
        try (ChildJvm child = ChildJvm.start(WritingChild.class, file, "r" + round)) {
            assertThat(child.lines().readLine()).isEqualTo("claimed " + RUN);
            int enough = 1 + random.nextInt(40);
            while (labels.size() < enough) {
                labels.add(complete(child.lines().readLine()));
            }
            Thread.sleep(random.nextInt(5)); // anywhere inside a commit
            child.kill();
            for (String line = child.lines().readLine();
                    line != null;
                    line = child.lines().readLine()) {
                labels.add(line);
            }
        }
        return labels;
    }

    private static String complete(@Nullable String line) {
        if (line == null) {
            throw new AssertionError("the child ended by itself");
        }
        return line;
    }

    private Set<String> stored() {
        Set<String> labels = new HashSet<>();
        try (ResultStore store = ResultStore.open(file)) {
            for (RequestRecord request : store.requests(RUN)) {
                assertThat(request).isEqualTo(SampleRecords.completed(SPEED, request.label(), 1));
                labels.add(request.label());
            }
        }
        return labels;
    }

    @Test
    void anotherProcessReadsWhileOneWritesButMayNotClaimTheRun() throws Exception {
        try (ChildJvm child = ChildJvm.start(WritingChild.class, file, "w");
                ResultStore store = ResultStore.open(file)) {
            assertThat(child.lines().readLine()).isEqualTo("claimed " + RUN);
            for (int i = 0; i < 20; i++) {
                String label = complete(child.lines().readLine());
                assertThat(store.requests(RUN)).extracting(RequestRecord::label).contains(label);
            }
            assertThatThrownBy(() -> store.claim(RUN))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(
                            "Run %s is being written by process %d;"
                                    .formatted(RUN, child.process().pid()));
            child.kill();
            store.claim(RUN).close();
        }
    }
}
