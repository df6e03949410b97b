package io.rackmark.data;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** Writes the rows of the sample database into an empty SQLite file. */
final class SampleWriter {
    private final Connection connection;

    private SampleWriter(Connection connection) {
        this.connection = connection;
    }

    static void write(Path file, String ddl, SampleCatalogue catalogue, SampleSales sales)
            throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.enforceForeignKeys(true);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String table : ddl.strip().split(";\\s*", 0)) {
                    statement.execute(table);
                }
            }
            SampleWriter writer = new SampleWriter(connection);
            writer.writeCatalogue(catalogue);
            writer.writePeople(sales);
            writer.writeInvoices(sales);
            connection.commit();
        }
    }

    private void writeCatalogue(SampleCatalogue catalogue) throws SQLException {
        writeNames("Genre", SampleWords.GENRES);
        writeNames("MediaType", SampleWords.MEDIA_TYPES);
        writeNames("Playlist", SampleWords.PLAYLISTS);
        insert("Artist", catalogue.artists(), a -> new Object[] {a.id(), a.name()});
        insert("Album", catalogue.albums(), a -> new Object[] {a.id(), a.title(), a.artist().id()});
        insert(
                "Track",
                catalogue.tracks(),
                t ->
                        new @Nullable Object[] {
                            t.id(),
                            t.name(),
                            t.album().id(),
                            t.mediaTypeId(),
                            t.genreId(),
                            t.composer(),
                            t.milliseconds(),
                            t.bytes(),
                            price(t.priceCents())
                        });
        insert(
                "PlaylistTrack",
                catalogue.entries(),
                e -> new Object[] {e.playlistId(), e.trackId()});
    }

    private void writeNames(String table, List<String> names) throws SQLException {
        insert(table, names, name -> new Object[] {names.indexOf(name) + 1, name});
    }

    private void writePeople(SampleSales sales) throws SQLException {
        insert(
                "Employee",
                sales.employees(),
                e ->
                        new @Nullable Object[] {
                            e.id(),
                            e.lastName(),
                            e.firstName(),
                            e.title(),
                            e.reportsTo(),
                            e.birthDate(),
                            e.hireDate(),
                            e.address().street(),
                            e.address().city(),
                            e.address().state(),
                            e.address().country(),
                            e.address().postalCode(),
                            e.phone(),
                            e.fax(),
                            e.email()
                        });
        insert(
                "Customer",
                sales.customers(),
                c ->
                        new @Nullable Object[] {
                            c.id(),
                            c.firstName(),
                            c.lastName(),
                            c.company(),
                            c.address().street(),
                            c.address().city(),
                            c.address().state(),
                            c.address().country(),
                            c.address().postalCode(),
                            c.phone(),
                            c.fax(),
                            c.email(),
                            c.supportRepId()
                        });
    }

    private void writeInvoices(SampleSales sales) throws SQLException {
        insert(
                "Invoice",
                sales.invoices(),
                i ->
                        new @Nullable Object[] {
                            i.id(),
                            i.customer().id(),
                            i.date(),
                            i.customer().address().street(),
                            i.customer().address().city(),
                            i.customer().address().state(),
                            i.customer().address().country(),
                            i.customer().address().postalCode(),
                            price(i.totalCents())
                        });
        insert(
                "InvoiceLine",
                sales.lines(),
                l ->
                        new Object[] {
                            l.id(), l.invoiceId(), l.trackId(), price(l.priceCents()), l.quantity()
                        });
    }

    private static double price(int cents) {
        return cents / 100.0;
    }

    private <T> void insert(
            String table, Collection<T> rows, Function<T, @Nullable Object[]> values)
            throws SQLException {
        int columns = values.apply(rows.iterator().next()).length;
        String places = "?" + ",?".repeat(columns - 1);
        String sql = "INSERT INTO " + table + " VALUES (" + places + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T row : rows) {
                @Nullable Object[] cells = values.apply(row);
                for (int i = 0; i < columns; i++) {
                    statement.setObject(i + 1, cells[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
