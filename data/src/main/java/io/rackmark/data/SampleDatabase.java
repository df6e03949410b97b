package io.rackmark.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

/**
 * The embedded sample database: a music store with the Chinook schema (11 tables) and generated
 * rows, the same on every machine.
 */
public final class SampleDatabase {
    /** Changes whenever a row or a table changes. */
    public static final int VERSION = 1;

    /** SHA-256 over schema and rows of this version, see {@link #contentSha256}. */
    public static final String CONTENT_SHA256 =
            "f9790a0dbc424ef9cdeb21f2351c3a6ca5b97fb9e6b8dc812522cb54cc4fc9c0";

    private static final long SEED = 0x5EED_5704EL;

    private SampleDatabase() {}

    /**
     * Builds the database into {@code file}, replacing what is there. The file appears complete or
     * not at all: it is written beside its final place and then renamed. Takes well under two
     * seconds.
     *
     * @throws DataException when the folder cannot be written
     */
    public static void build(Path file) {
        Path target = file.toAbsolutePath();
        Path folder = Objects.requireNonNullElse(target.getParent(), target);
        try {
            Files.createDirectories(folder);
            Path draft = draftOf(target);
            try {
                fill(draft);
                replace(draft, target);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException | SQLException e) {
            throw notWritten(target, e);
        }
    }

    /**
     * The sample database in a cache folder, built on first use. A file that is already there is
     * reused only when its bytes have the SHA-256 that was written beside it after its rows had
     * been checked. Several processes may call this at once, since each one renames a complete file
     * into place.
     */
    public static Path cached(Path folder) {
        String name = "sample-" + VERSION + "-" + CONTENT_SHA256.substring(0, 12) + ".db";
        Path file = folder.resolve(name);
        Path seal = folder.resolve(name + ".sha256");
        if (!isSealed(file, seal)) {
            build(file);
            seal(file, seal);
        }
        return file;
    }

    private static boolean isSealed(Path file, Path seal) {
        try {
            return Files.exists(file)
                    && Files.exists(seal)
                    && Files.readString(seal).strip().equals(ContentHash.ofBytes(file));
        } catch (IOException e) {
            // Damaged or just being replaced: built again.
            return false;
        }
    }

    private static void seal(Path file, Path seal) {
        if (!contentSha256(file).equals(CONTENT_SHA256)) {
            throw new DataException(
                    DataException.Kind.INVALID,
                    file
                            + " was built with other rows than version "
                            + VERSION
                            + " has; report this build.");
        }
        try {
            Path draft = draftOf(seal);
            Files.writeString(draft, ContentHash.ofBytes(file) + "\n");
            replace(draft, seal);
        } catch (IOException e) {
            throw notWritten(seal, e);
        }
    }

    private static Path draftOf(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    }

    private static void replace(Path draft, Path target) throws IOException {
        Files.move(
                draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static DataException notWritten(Path file, Exception cause) {
        return new DataException(
                DataException.Kind.NOT_WRITTEN,
                "Cannot write the sample database to "
                        + file
                        + " ("
                        + cause.getMessage()
                        + "); choose a folder you may write to.",
                cause);
    }

    /**
     * SHA-256 over the CREATE statements and every cell of a database, in hexadecimal.
     *
     * @throws DataException when the file is no readable SQLite database
     */
    public static String contentSha256(Path file) {
        try (Connection connection = Database.open(file).connect()) {
            return ContentHash.of(connection);
        } catch (SQLException e) {
            throw Database.unreadable(file, e);
        }
    }

    private static void fill(Path file) throws IOException, SQLException {
        SampleDraw draw = new SampleDraw(SEED);
        SampleCatalogue catalogue = SampleCatalogue.draw(draw);
        SampleSales sales = SampleSales.draw(draw, catalogue.tracks());
        SampleWriter.write(file, ddl(), catalogue, sales);
    }

    private static String ddl() throws IOException {
        try (InputStream in = SampleDatabase.class.getResourceAsStream("sample-schema.sql")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
