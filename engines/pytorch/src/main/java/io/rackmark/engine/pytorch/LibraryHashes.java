package io.rackmark.engine.pytorch;

import io.rackmark.engine.Fact;
import io.rackmark.model.FileHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * SHA-256 of the unpacked libraries. Half a gigabyte is not read at every start: the hash is kept
 * in the cache and holds as long as its size and time do.
 */
final class LibraryHashes {
    private LibraryHashes() {}

    /**
     * Path and hash of the library that computes and of DJL's binding to it.
     *
     * @param directory of the library
     * @param home where hashes are kept
     */
    static List<Fact> facts(Path directory, Path home) {
        List<Fact> facts = new ArrayList<>();
        Path library = directory.resolve("libtorch_cpu.so");
        facts.add(new Fact("library", library.toString()));
        facts.add(new Fact("library-sha256", sha256(library, home)));
        binding(directory)
                .ifPresent(jni -> facts.add(new Fact("binding-sha256", sha256(jni, home))));
        return facts;
    }

    private static Optional<Path> binding(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith("libdjl_torch.so")).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static String sha256(Path library, Path home) {
        String name = FileHash.sha256(library.toString().getBytes(StandardCharsets.UTF_8));
        Path note = home.resolve("hashes").resolve(name);
        try {
            String stamp =
                    Files.size(library) + " " + Files.getLastModifiedTime(library).toMillis() + " ";
            if (Files.isRegularFile(note)) {
                String before = Files.readString(note);
                if (before.startsWith(stamp)) {
                    return before.substring(stamp.length());
                }
            }
            String hash = FileHash.sha256(library);
            Files.createDirectories(home.resolve("hashes"));
            Path part = Files.createTempFile(home.resolve("hashes"), "hash", ".part");
            Files.writeString(part, stamp + hash);
            Files.move(part, note, StandardCopyOption.ATOMIC_MOVE);
            return hash;
        } catch (IOException e) {
            return FileHash.sha256(library);
        }
    }
}
