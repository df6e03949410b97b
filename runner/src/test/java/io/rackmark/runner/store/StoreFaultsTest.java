package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFaultsTest {
    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("results.db");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> ResultStore.open(file).close())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aTextFileIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(file, "my notes ".repeat(1000));
        assertRefused("is not a result store (no SQLite database)");
        assertThat(Files.readString(file)).isEqualTo("my notes ".repeat(1000));
    }

    @Test
    void anotherProgramsDatabaseIsRefusedAndLeftAlone() throws Exception {
        execute("CREATE TABLE contact (name TEXT)");
        byte[] before = Files.readAllBytes(file);
        assertRefused("is a SQLite database but not a result store");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aNewerStoreIsRefused() throws SQLException {
        ResultStore.open(file).close();
        execute("PRAGMA user_version = 99");
        assertRefused(
                "has version 99, this program knows up to %d; use the Rackmark"
                        .formatted(Migrations.LATEST));
    }

    @Test
    void aDamagedStoreIsOneSentence() throws IOException {
        try (ResultStore store = ResultStore.open(file)) {
            SampleRecords.fill(store);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(4096); // the first page, with the header and the table list, stays whole
            raw.write(new byte[(int) raw.length() - 4096]);
        }
        assertThatThrownBy(
                        () -> {
                            try (ResultStore store = ResultStore.open(file)) {
                                store.requests(store.find(RUN).id());
                            }
                        })
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is damaged");
    }

    @Test
    void aRowThatIsNoRecordIsOneSentence() throws SQLException {
        try (ResultStore store = ResultStore.open(file)) {
            SampleRecords.fill(store);
        }
        execute("UPDATE request SET token_nanos = x'0102'");
        execute("UPDATE cell SET state = 'LOST'");
        execute("UPDATE question SET ledger = '{\"questionId\":1,\"more\":2}'");
        try (ResultStore store = ResultStore.open(file)) {
            assertThatThrownBy(() -> store.requests(RUN))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("not a multiple of 8");
            assertThatThrownBy(() -> store.cells(RUN))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("LOST");
            assertThatThrownBy(() -> store.questions(RUN))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("holds a row this program cannot read")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsOneSentence() throws IOException {
        Path notADirectory = Files.writeString(directory.resolve("plain"), "x");
        assertThatThrownBy(() -> ResultStore.open(notADirectory.resolve("results.db")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be made");
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsOneSentence() throws IOException {
        Files.createDirectory(file);
        assertRefused("is a directory");
    }

    @Test
    void aFullStoreIsOneSentenceAndKeepsWhatItHad() throws SQLException {
        try (Database database = Database.open(file)) {
            Migrations.apply(database);
            database.guarded(() -> database.pragma("max_page_count = 1"));
            assertThatThrownBy(
                            () ->
                                    database.transaction(
                                            () ->
                                                    new Rows(database)
                                                            .insert(
                                                                    SampleRecords.run(),
                                                                    "{\"x\":\""
                                                                            + "y".repeat(100_000)
                                                                            + "\"}")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the disk is full");
            database.guarded(() -> assertThat(database.pragma("integrity_check")).isEqualTo("ok"));
        }
        try (ResultStore store = ResultStore.open(file)) {
            assertThat(store.runs()).isEmpty();
        }
    }

    @Test
    void aMissingStoreIsNotCreatedByAReader() {
        assertThatThrownBy(() -> ResultStore.openExisting(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("There is no result store at " + file);
        assertThat(file).doesNotExist();
    }

    @Test
    void aPlanThatIsNoObjectIsRefused() {
        try (ResultStore store = ResultStore.open(file)) {
            var run = SampleRecords.run();
            for (String plan : new String[] {"[]", "", "{", "{} {}"}) {
                assertThatThrownBy(() -> store.create(withPlan(run, plan), SampleRecords.CELLS))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("is not a JSON object");
            }
        }
    }

    private static io.rackmark.runner.result.RunRecord withPlan(
            io.rackmark.runner.result.RunRecord run, String plan) {
        return new io.rackmark.runner.result.RunRecord(
                run.id(),
                run.metricsVersion(),
                run.rackmarkVersion(),
                run.started(),
                run.ended(),
                run.state(),
                plan,
                run.systems(),
                run.environment(),
                run.flags());
    }
}
