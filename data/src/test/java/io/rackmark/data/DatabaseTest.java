package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.rackmark.data.DataException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir Path folder;

    @Test
    void refusesAFileThatIsNotThere() {
        refuses(folder.resolve("none.db"), Kind.NOT_FOUND, "There is no database file");
    }

    @Test
    void refusesADirectory() {
        refuses(folder, Kind.NOT_FOUND, "is a directory");
    }

    @Test
    void refusesAFileThatIsNotSqlite() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "Not a database at all");

        refuses(file, Kind.UNREADABLE, "is not an SQLite 3 database");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        refuses(Files.createFile(folder.resolve("zero.db")), Kind.INVALID, "is an empty file");
    }

    @Test
    void refusesADatabaseWithoutTables() throws SQLException {
        Path file = SampleFiles.create(folder.resolve("bare.db"), "PRAGMA user_version = 3");

        refuses(file, Kind.INVALID, "without any table");
    }

    @Test
    void refusesALockedDatabase() throws SQLException {
        Path file = SampleFiles.create(folder.resolve("busy.db"), "CREATE TABLE t(a)");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");

            refuses(file, Kind.LOCKED, "is locked by another process");
        }
    }

    @Test
    void refusesADamagedDatabase() throws SQLException, IOException {
        Path file =
                SampleFiles.create(
                        folder.resolve("torn.db"),
                        "CREATE TABLE t(a)",
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)"
                                + " INSERT INTO t SELECT i || '----------' FROM n");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(4096);
            bytes.write(new byte[6000]);
        }

        refuses(file, Kind.UNREADABLE, "is damaged");
    }

    @Test
    void refusesATruncatedDatabase() throws SQLException, IOException {
        Path file = SampleFiles.create(folder.resolve("cut.db"), "CREATE TABLE t(a)");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 700));

        refuses(file, Kind.UNREADABLE, "intact copy");
    }

    @Test
    void opensANameWithMarksThatUrlsReserve() throws SQLException, IOException {
        Path plain = SampleFiles.create(folder.resolve("plain.db"), "CREATE TABLE t(a)");
        Path odd = Files.move(plain, folder.resolve("wählt 100%? #1.db"));

        assertThat(Database.open(odd).schema().compact()).isEqualTo("t(a)");
    }

    @Test
    void connectionsCannotWrite() throws SQLException {
        Path file = SampleFiles.create(folder.resolve("fixed.db"), "CREATE TABLE t(a)");
        try (Connection connection = Database.open(file).connect();
                Statement statement = connection.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("INSERT INTO t VALUES (1)"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("ATTACH ':memory:' AS other"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("VACUUM INTO '" + folder + "/copy.db'"));
        }
        assertThat(folder.resolve("copy.db")).doesNotExist();
    }

    private static void refuses(Path file, Kind kind, String words) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Database.open(file))
                .withMessageContaining(file.toString())
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
