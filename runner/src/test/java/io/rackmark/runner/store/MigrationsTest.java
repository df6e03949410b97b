package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.SPEED;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.RunRecord;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
    private static final String OLD_RUN = "20260101-080000-0001";

    @TempDir private Path directory;

    private Path version1() throws Exception {
        Path file = directory.resolve("old.db");
        try (InputStream in = MigrationsTest.class.getResourceAsStream("version-1.sql");
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
        return file;
    }

    private static List<String> tables(Path file) {
        try (Database database = Database.open(file)) {
            return database.query(
                    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name",
                    row -> row.getString(1));
        }
    }

    @Test
    void aStoreOfVersion1KeepsItsRecords() throws Exception {
        try (ResultStore store = ResultStore.open(version1())) {
            RunRecord run = store.find("latest");
            assertThat(run.id()).isEqualTo(OLD_RUN);
            assertThat(run.ended()).isEqualTo(Instant.parse("2026-01-01T08:02:00.5Z"));
            assertThat(run.environment().loadAverage()).isEqualTo(0.25);
            assertThat(run.systems().getFirst().options()).containsEntry("threads", "2");
            assertThat(run.flags()).containsExactly(new Flag(Flag.Kind.GOVERNOR, "Set it."));
            assertThat(store.cells(OLD_RUN).getFirst().key()).isEqualTo(SPEED);
            assertThat(store.cells(OLD_RUN).getFirst().lifeCycle())
                    .isEqualTo(new LifeCycle(1L, 2L, 3L, LifeCycle.PageCache.COLD, null, 5L));
            assertThat(store.requests(OLD_RUN).getFirst().tokenNanos())
                    .containsExactly(1005L, 1261L);
            assertThat(store.energy(OLD_RUN)).isEmpty();
            store.energy(OLD_RUN, SampleRecords.energy());
            assertThat(store.energy(OLD_RUN)).containsExactly(SampleRecords.energy());
        }
    }

    @Test
    void anOldStoreEndsWithTheTablesOfANewOne() throws Exception {
        Path old = version1();
        ResultStore.open(old).close();
        Path fresh = directory.resolve("fresh.db");
        ResultStore.open(fresh).close();
        assertThat(tables(old)).isEqualTo(tables(fresh)).hasSizeGreaterThan(4);
    }

    @Test
    void manyMayCreateTheSameStoreAtOnce() throws Exception {
        Path file = directory.resolve("race.db");
        Callable<String> open =
                () -> {
                    ResultStore.open(file).close();
                    return "opened";
                };
        try (var pool = Executors.newFixedThreadPool(2)) {
            for (var result : pool.invokeAll(List.of(open, open, open, open))) {
                assertThat(result.get()).isEqualTo("opened");
            }
        }
    }

    @Test
    void plainSqlAnswersTheUsualQuestions() {
        Path file = directory.resolve("results.db");
        try (ResultStore store = ResultStore.open(file)) {
            SampleRecords.fill(store);
        }
        try (Database database = Database.open(file)) {
            assertThat(
                            database.query(
                                    "SELECT ttft_ms || ' ' || e2e_ms || ' ' || itl_ms FROM"
                                            + " request_ms WHERE state = 'COMPLETED'",
                                    row -> row.getString(1)))
                    .containsExactly("20.0 40.0 10.0");
            assertThat(
                            database.query(
                                    "SELECT avg(correct_bag), sum(total_nanos), max(tier) FROM"
                                            + " question",
                                    row ->
                                            row.getDouble(1)
                                                    + " "
                                                    + row.getLong(2)
                                                    + " "
                                                    + row.getString(3)))
                    .containsExactly("1.0 1300 easy");
            assertThat(
                            database.query(
                                    "SELECT model_load_nanos, peak_rss_bytes FROM cell WHERE state"
                                            + " = 'DONE'",
                                    row -> row.getLong(1) + " " + row.getLong(2)))
                    .containsExactly("3 3");
            assertThat(
                            database.query(
                                    "SELECT source, samples, most FROM energy JOIN energy_series ON"
                                            + " energy = id WHERE quantity = 'ENERGY_MICROJOULES'",
                                    row ->
                                            row.getString(1)
                                                    + " "
                                                    + row.getInt(2)
                                                    + " "
                                                    + row.getLong(3)))
                    .containsExactly("RAPL_PACKAGE 2 262143328000");
        }
    }
}
