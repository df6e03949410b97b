package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlRunnerTest {
    private static final String NUMBERS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n%s) ";

    @TempDir Path folder;
    private Path file;
    private SqlRunner runner;

    @BeforeEach
    void open() throws SQLException {
        file =
                SampleFiles.create(
                        folder.resolve("a.db"),
                        "CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB)",
                        "INSERT INTO t VALUES (7, 2.5, 'it''s', x'00ff'), (9000000000, NULL, '',"
                                + " NULL)");
        runner = new SqlRunner(Database.open(file));
    }

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void cellsKeepTheirStorageClass() {
        SqlOutcome.Rows rows = rows("SELECT i, r, s, b AS bytes FROM t");

        assertThat(rows.columns()).containsExactly("i", "r", "s", "bytes");
        assertThat(rows.rows())
                .containsExactly(
                        List.of(
                                new Cell.Whole(7),
                                new Cell.Real(2.5),
                                new Cell.Text("it's"),
                                new Cell.Blob(new byte[] {0, (byte) 0xff})),
                        List.of(
                                new Cell.Whole(9_000_000_000L),
                                new Cell.Null(),
                                new Cell.Text(""),
                                new Cell.Null()));
        assertThat(rows.elapsedNanos()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1;",
                "  select 1 ; ; -- done",
                "/* why */ SELECT 1 /* open",
                "VALUES (1)",
                "WITH replace AS (SELECT 1) SELECT * FROM replace",
                "WITH x AS (SELECT 'a') SELECT REPLACE('a', 'a', 'b') FROM x",
                "SELECT ';', \";\", `i`, [i] FROM t",
                "SELECT 'it''s; fine'",
                "SELECT i AS replicate FROM t WHERE s <> 'padl(' ORDER BY replicate",
                "EXPLAIN QUERY PLAN SELECT * FROM t"
            })
    void runsASingleQuery(String sql) {
        assertThat(runner.execute(sql)).isInstanceOf(SqlOutcome.Rows.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                ";;",
                "-- only a comment",
                "SELECT 1; SELECT 2",
                "SELECT 1; garbage",
                "SELECT 1\0; DROP TABLE t",
                "DROP TABLE t",
                "CREATE TEMP TABLE x (a)",
                "INSERT INTO t (i) VALUES (1)",
                "WITH x AS (SELECT 1) DELETE FROM t",
                "WITH x AS (SELECT 1) INSERT INTO t (i) SELECT * FROM x",
                "WITH x AS (SELECT 1) REPLACE INTO t (i) SELECT * FROM x",
                "EXPLAIN DROP TABLE t",
                "PRAGMA query_only = OFF",
                "ATTACH 'other.db' AS other",
                "VACUUM INTO 'copy.db'",
                "BEGIN",
                "backup to 'copy.db'",
                "restore from 'a.db'",
                "SELECT load_extension('evil')",
                "SELECT \"load_extension\"('evil')",
                "SELECT [padl]('x', 1000000000)",
                "SELECT replicate /* why */ ('xxxxxxxxxx', 100000000)",
                "Here is the query: SELECT 1"
            })
    void refusesWhatIsNotExactlyOneQuery(String sql) {
        SqlOutcome outcome = runner.execute(sql);

        assertThat(outcome).isInstanceOf(SqlOutcome.Rejected.class);
        assertThat(outcome.fault()).hasValueSatisfying(text -> assertThat(text).endsWith("."));
    }

    @Test
    void refusesTenStatements() {
        assertThat(runner.execute("SELECT 1;".repeat(10)))
                .isEqualTo(
                        new SqlOutcome.Rejected(
                                "The SQL has several statements; write exactly one SELECT"
                                        + " statement."));
    }

    @Test
    void refusesAnOverlongText() {
        assertThat(runner.execute("SELECT " + "1+".repeat(60_000) + "1"))
                .isInstanceOf(SqlOutcome.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT missing FROM t",
                "SELECT * FROM nowhere",
                "SELECT 1 1 1",
                "SELECT writefile('x', 'y')",
                "SELECT readfile('/etc/passwd')",
                "SELECT zeroblob(1000000000)"
            })
    void reportsWhatSqliteSays(String sql) {
        SqlOutcome outcome = runner.execute(sql);

        assertThat(outcome).isInstanceOf(SqlOutcome.Failed.class);
        assertThat(outcome.fault()).hasValueSatisfying(text -> assertThat(text).isNotBlank());
    }

    @Test
    void quotesSqliteWithoutTheDriversCode() {
        assertThat(runner.execute("SELECT missing FROM t"))
                .isEqualTo(new SqlOutcome.Failed("no such column: missing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*) FROM n",
                "SELECT i FROM n WHERE i < 0",
                "SELECT SUM(a.i * b.i) FROM n a, n b"
            })
    void stopsAnEndlessQueryAndWorksOn(String query) {
        SqlLimits limits = new SqlLimits(Duration.ofMillis(200), 10_000, 1 << 20);
        try (SqlRunner brief = new SqlRunner(Database.open(file), limits)) {
            assertThat(brief.execute(NUMBERS.formatted("") + query))
                    .isIn(
                            new SqlOutcome.TimedOut(Duration.ofMillis(200)),
                            new SqlOutcome.Failed("The query needs more memory than it may use."));
            assertThat(brief.execute("SELECT 1")).isInstanceOf(SqlOutcome.Rows.class);
        }
    }

    @Test
    void stopsAtAMillionRows() {
        assertThat(runner.execute(NUMBERS.formatted(" LIMIT 1000000") + "SELECT i FROM n"))
                .isEqualTo(new SqlOutcome.TooManyRows(10_000));
    }

    @Test
    void readsExactlyAsManyRowsAsTheCap() {
        String sql = NUMBERS.formatted(" LIMIT 10000") + "SELECT i FROM n";

        assertThat(rows(sql).rows()).hasSize(10_000);
    }

    @Test
    void stopsAResultThatIsTooLarge() {
        String sql = NUMBERS.formatted(" LIMIT 100") + "SELECT hex(zeroblob(500000)) FROM n";

        assertThat(runner.execute(sql)).isEqualTo(new SqlOutcome.TooLarge(16L << 20));
    }

    @Test
    void leavesTheFileAsItWas() throws Exception {
        byte[] before = Files.readAllBytes(file);
        runner.execute("DELETE FROM t");
        runner.execute("WITH x AS (SELECT 1) UPDATE t SET i = 0");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private SqlOutcome.Rows rows(String sql) {
        SqlOutcome outcome = runner.execute(sql);
        assertThat(outcome).isInstanceOf(SqlOutcome.Rows.class);
        return (SqlOutcome.Rows) outcome;
    }
}
