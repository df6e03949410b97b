package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleDatabaseTest {
    @TempDir static Path shared;
    @TempDir Path folder;

    private static Path file = Path.of("");
    private static SqlRunner runner;

    @BeforeAll
    static void build() {
        file = shared.resolve("sample.db");
        SampleDatabase.build(file);
        runner = new SqlRunner(Database.open(file));
    }

    @AfterAll
    static void close() {
        runner.close();
    }

    @Test
    void contentIsTheSameOnEveryRun() {
        assertThat(SampleDatabase.contentSha256(file)).isEqualTo(SampleDatabase.CONTENT_SHA256);
    }

    @ParameterizedTest
    @CsvSource({
        "Artist, 275",
        "Album, 347",
        "Track, 3503",
        "Genre, 25",
        "MediaType, 5",
        "Playlist, 18",
        "PlaylistTrack, 8715",
        "Customer, 59",
        "Employee, 8",
        "Invoice, 412",
        "InvoiceLine, 2240"
    })
    void tablesHaveTheOriginalSizes(String table, long rows) {
        assertThat(number("SELECT COUNT(*) FROM " + table)).isEqualTo(rows);
    }

    @Test
    void everyForeignKeyHasItsRow() {
        for (Schema.Table table : Database.open(file).schema().tables()) {
            for (Schema.Column column : table.columns()) {
                for (Schema.Reference to : column.references()) {
                    String sql =
                            "SELECT COUNT(*) FROM %s WHERE %s NOT IN (SELECT %s FROM %s)"
                                    .formatted(
                                            table.name(), column.name(), to.column(), to.table());
                    assertThat(number(sql)).as(sql).isZero();
                }
            }
        }
    }

    @Test
    void invoiceTotalsAreTheSumsOfTheirLines() {
        String sql =
                """
                SELECT COUNT(*) FROM Invoice i
                WHERE ABS(Total - (SELECT SUM(UnitPrice * Quantity) FROM InvoiceLine il
                                   WHERE il.InvoiceId = i.InvoiceId)) > 0.001
                """;
        assertThat(number(sql)).isZero();
    }

    @Test
    void datesLieInTheFiveYearsTo2025() {
        String sql = "SELECT COUNT(*) FROM Invoice WHERE InvoiceDate NOT BETWEEN ? AND ?";
        assertThat(
                        number(
                                sql.replaceFirst("\\?", "'2021-01-01 00:00:00'")
                                        .replaceFirst("\\?", "'2025-12-31 00:00:00'")))
                .isZero();
        assertThat(number("SELECT COUNT(DISTINCT strftime('%Y', InvoiceDate)) FROM Invoice"))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT COUNT(*) FROM Artist WHERE ArtistId NOT IN (SELECT ArtistId FROM Album)",
                "SELECT COUNT(*) FROM Track WHERE TrackId NOT IN (SELECT TrackId FROM InvoiceLine)",
                "SELECT COUNT(*) FROM Track WHERE Composer IS NULL",
                "SELECT COUNT(*) FROM Customer WHERE State IS NULL",
                "SELECT COUNT(*) FROM Customer WHERE Company IS NOT NULL",
                "SELECT COUNT(*) FROM Customer WHERE LastName LIKE '%''%'",
                "SELECT COUNT(*) FROM Artist WHERE Name GLOB '*[é-ö]*'",
                "SELECT COUNT(*) FROM Playlist WHERE PlaylistId NOT IN (SELECT PlaylistId FROM"
                        + " PlaylistTrack)",
                "SELECT COUNT(*) FROM InvoiceLine WHERE Quantity > 1"
            })
    void hasTheCasesQuestionsAskFor(String sql) {
        assertThat(number(sql)).isPositive();
    }

    @Test
    void salesAreSkewedTowardsSomeGenresAndRepresentatives() {
        String genres =
                "SELECT MAX(n) / MIN(n) FROM (SELECT COUNT(*) n FROM InvoiceLine JOIN Track USING"
                        + " (TrackId) GROUP BY GenreId)";
        assertThat(number(genres)).isGreaterThan(10);
        assertThat(number("SELECT COUNT(DISTINCT SupportRepId) FROM Customer")).isEqualTo(3);
        assertThat(
                        number(
                                "SELECT COUNT(*) FROM (SELECT 1 FROM Customer GROUP BY SupportRepId"
                                        + " HAVING COUNT(*) < 15)"))
                .isZero();
    }

    @Test
    void severalProcessesMayFillTheCacheAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Callable<Path> fill = () -> SampleDatabase.cached(folder);
            List<Future<Path>> results = threads.invokeAll(List.of(fill, fill));
            for (Future<Path> result : results) {
                assertThat(SampleDatabase.contentSha256(result.get()))
                        .isEqualTo(SampleDatabase.CONTENT_SHA256);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(path -> path.getFileName().toString().startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void cacheReusesAnIntactFileAndReplacesADamagedOne() throws IOException {
        Path first = SampleDatabase.cached(folder);
        Object identity = Files.readAttributes(first, "unix:ino").get("ino");
        SampleDatabase.cached(folder);
        assertThat(Files.readAttributes(first, "unix:ino").get("ino")).isEqualTo(identity);

        Files.writeString(first, "damaged");
        SampleDatabase.cached(folder);
        assertThat(SampleDatabase.contentSha256(first)).isEqualTo(SampleDatabase.CONTENT_SHA256);
    }

    @Test
    void saysWhichFolderCannotBeWritten() throws IOException {
        Path blocker = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> SampleDatabase.build(blocker.resolve("sample.db")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(blocker.toString())
                .hasMessageContaining("choose a folder you may write to");
    }

    private static long number(String sql) {
        SqlOutcome outcome = runner.execute(sql);
        assertThat(outcome).isInstanceOf(SqlOutcome.Rows.class);
        Cell cell = ((SqlOutcome.Rows) outcome).rows().getFirst().getFirst();
        return ((Cell.Whole) cell).value();
    }
}
