package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    @TempDir Path folder;

    @Test
    void compactFormOfTheSampleDatabaseIsTheOneModelsWereTrainedWith() {
        Path file = folder.resolve("sample.db");
        SampleDatabase.build(file);

        assertThat(Database.open(file).schema().compact())
                .isEqualTo(
                        """
                        Album(AlbumId:integer[pk], Title:nvarchar,\
                         ArtistId:integer[fk→Artist.ArtistId])
                        Artist(ArtistId:integer[pk], Name:nvarchar)
                        Customer(CustomerId:integer[pk], FirstName:nvarchar,\
                         LastName:nvarchar, Company:nvarchar, Address:nvarchar, City:nvarchar,\
                         State:nvarchar, Country:nvarchar, PostalCode:nvarchar,\
                         Phone:nvarchar, Fax:nvarchar, Email:nvarchar,\
                         SupportRepId:integer[fk→Employee.EmployeeId])
                        Employee(EmployeeId:integer[pk], LastName:nvarchar,\
                         FirstName:nvarchar, Title:nvarchar,\
                         ReportsTo:integer[fk→Employee.EmployeeId], BirthDate:datetime,\
                         HireDate:datetime, Address:nvarchar, City:nvarchar, State:nvarchar,\
                         Country:nvarchar, PostalCode:nvarchar, Phone:nvarchar, Fax:nvarchar,\
                         Email:nvarchar)
                        Genre(GenreId:integer[pk], Name:nvarchar)
                        Invoice(InvoiceId:integer[pk],\
                         CustomerId:integer[fk→Customer.CustomerId], InvoiceDate:datetime,\
                         BillingAddress:nvarchar, BillingCity:nvarchar, BillingState:nvarchar,\
                         BillingCountry:nvarchar, BillingPostalCode:nvarchar, Total:numeric)
                        InvoiceLine(InvoiceLineId:integer[pk],\
                         InvoiceId:integer[fk→Invoice.InvoiceId],\
                         TrackId:integer[fk→Track.TrackId], UnitPrice:numeric,\
                         Quantity:integer)
                        MediaType(MediaTypeId:integer[pk], Name:nvarchar)
                        Playlist(PlaylistId:integer[pk], Name:nvarchar)
                        PlaylistTrack(PlaylistId:integer[pk][fk→Playlist.PlaylistId],\
                         TrackId:integer[pk][fk→Track.TrackId])
                        Track(TrackId:integer[pk], Name:nvarchar,\
                         AlbumId:integer[fk→Album.AlbumId],\
                         MediaTypeId:integer[fk→MediaType.MediaTypeId],\
                         GenreId:integer[fk→Genre.GenreId], Composer:nvarchar,\
                         Milliseconds:integer, Bytes:integer, UnitPrice:numeric)\
                        """);
    }

    @Test
    void ddlIsTheStatementsAsStored() throws SQLException {
        String table = "CREATE TABLE t (\n  a INTEGER PRIMARY KEY -- the key\n)";
        Path file =
                SampleFiles.create(
                        folder.resolve("a.db"), table, "CREATE VIEW v AS SELECT a FROM t");

        assertThat(Database.open(file).schema().ddl())
                .isEqualTo(table + ";\nCREATE VIEW v AS SELECT a FROM t;\n");
    }

    @Test
    void namesThatNeedQuotesAreShownQuoted() throws SQLException {
        Path file =
                SampleFiles.create(
                        folder.resolve("odd.db"),
                        "CREATE TABLE \"Order\" (\"group\" INT PRIMARY KEY, \"a \"\"b\"\"\""
                                + " DECIMAL(8, 2))",
                        "CREATE TABLE \"Größe\" (\"2nd\" TEXT, ü, o INT REFERENCES \"Order\")",
                        "CREATE VIEW \"my view\" AS SELECT ü FROM \"Größe\"");

        assertThat(Database.open(file).schema().compact())
                .isEqualTo(
                        """
                        Größe("2nd":text, ü, o:int[fk→"Order"."group"])
                        "my view"(ü:blob)
                        "Order"("group":int[pk], "a ""b""\":decimal)\
                        """);
    }

    @Test
    void compositeKeysKeepTheirPairs() throws SQLException {
        Path file =
                SampleFiles.create(
                        folder.resolve("pair.db"),
                        "CREATE TABLE p (x INT, y INT, PRIMARY KEY (y, x))",
                        "CREATE TABLE c (u INT, v INT, FOREIGN KEY (u, v) REFERENCES p)");

        assertThat(Database.open(file).schema().compact())
                .isEqualTo("c(u:int[fk→p.y], v:int[fk→p.x])\np(x:int[pk], y:int[pk])");
    }

    @Test
    void viewsOverMissingTablesAndInternalTablesAreLeftOut() throws SQLException {
        Path file =
                SampleFiles.create(
                        folder.resolve("views.db"),
                        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b AS (a * 2))",
                        "CREATE TABLE gone (a)",
                        "CREATE VIEW broken AS SELECT * FROM gone",
                        "DROP TABLE gone");

        assertThat(Database.open(file).schema().compact()).isEqualTo("t(a:integer[pk], b)");
    }

    @Test
    void partOfASchemaKeepsOnlyTheNamedTables() throws SQLException {
        Path file =
                SampleFiles.create(
                        folder.resolve("two.db"), "CREATE TABLE a (x)", "CREATE TABLE b (x)");

        assertThat(Database.open(file).schema().only(Set.of("b")).compact()).isEqualTo("b(x)");
    }
}
