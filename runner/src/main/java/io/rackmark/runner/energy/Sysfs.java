package io.rackmark.runner.energy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's attribute files. Root and reader are given, so that any recorded tree can stand in.
 *
 * @param root usually {@code /sys} or {@code /proc}
 * @param reader reads one small file
 */
public record Sysfs(Path root, Reader reader) {

    /** Reads a whole file as text. */
    @FunctionalInterface
    public interface Reader {
        String read(Path file) throws IOException;
    }

    /** The files under a folder, as they are. */
    public static Sysfs of(Path root) {
        return new Sysfs(root, file -> Files.readString(file, StandardCharsets.US_ASCII));
    }

    /** Entries of a folder by name; none when it is not there. */
    List<Path> list(String folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(folder))) {
            found.forEach(entries::add);
        } catch (IOException e) {
            return List.of();
        }
        entries.sort(null);
        return entries;
    }

    /** Text of a file without surrounding white space; empty when it cannot be read. */
    Optional<String> text(Path file) {
        try {
            return Optional.of(reader.read(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Value of a file that holds one whole number; null when it cannot be had. */
    @Nullable Long number(Path file) {
        try {
            return Long.valueOf(reader.read(file).strip());
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
