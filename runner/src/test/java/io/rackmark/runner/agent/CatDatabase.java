package io.rackmark.runner.agent;

import io.rackmark.data.Database;
import io.rackmark.data.SqlLimits;
import io.rackmark.data.SqlRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** Three cats, two owners and a toy in a real file. */
final class CatDatabase implements AutoCloseable {
    private static final SqlLimits LIMITS =
            new SqlLimits(Duration.ofMillis(300), 10_000, 16L << 20);

    private final Database database;
    private final SqlRunner runner;

    private CatDatabase(Path file) {
        this.database = Database.open(file);
        this.runner = new SqlRunner(database, LIMITS);
    }

    static CatDatabase create(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE Owner (OwnerId INTEGER PRIMARY KEY, Name TEXT)");
            statement.execute(
                    "CREATE TABLE Cat (CatId INTEGER PRIMARY KEY, Name TEXT,"
                            + " OwnerId INTEGER REFERENCES owner (OwnerId))");
            statement.execute("CREATE TABLE Toy (ToyId INTEGER PRIMARY KEY, Name TEXT)");
            statement.execute("INSERT INTO Owner VALUES (1, 'Ann'), (2, 'Bo')");
            statement.execute("INSERT INTO Cat VALUES (1, 'Tom', 1), (2, 'Kit', 1), (3, 'Mo', 2)");
            statement.execute("INSERT INTO Toy VALUES (1, 'Ball')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new CatDatabase(file);
    }

    TextToSqlAgent.Target target() {
        return new TextToSqlAgent.Target(database.schema(), Optional.empty(), runner);
    }

    @Override
    public void close() {
        runner.close();
    }
}
