package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFilesTest {
    @TempDir Path directory;

    @Test
    void shippedLibraryIsUnpackedToAPrivateDirectoryNamedByItsHash() throws IOException {
        LibraryFile file = LibraryFiles.shipped(directory);
        Path parent = file.path().resolveSibling(".").normalize();
        assertThat(file.source()).isEqualTo(LibraryFile.Source.SHIPPED);
        assertThat(parent).isEqualTo(directory.toRealPath().resolve("native", file.sha256()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)))
                .isEqualTo("rwx------");
        assertThat(LibraryFiles.user(file.path()).sha256()).isEqualTo(file.sha256());
        try (var entries = Files.list(parent)) {
            assertThat(entries).containsExactly(file.path());
        }
    }

    @Test
    void soundCopyIsUsedAgainAndADamagedOneReplaced() throws IOException {
        LibraryFile first = LibraryFiles.shipped(directory);
        var written = Files.getLastModifiedTime(first.path());
        assertThat(LibraryFiles.shipped(directory)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.path())).isEqualTo(written);
        Files.writeString(first.path(), "damaged");
        LibraryFiles.shipped(directory);
        assertThat(LibraryFiles.user(first.path()).sha256()).isEqualTo(first.sha256());
    }

    @Test
    void cacheThatCannotBeWrittenIsNamedWithARemedy() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> LibraryFiles.shipped(file))
                .isInstanceOf(UnusableLibraryException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("-Drackmark.cache=DIR");
    }

    @Test
    void cacheDirectoryFollowsPropertyThenXdgThenHome() {
        assertThat(LibraryFiles.cacheDirectory("/p", "/x", "/h")).isEqualTo(Path.of("/p"));
        assertThat(LibraryFiles.cacheDirectory(null, "/x", "/h")).isEqualTo(Path.of("/x/rackmark"));
        assertThat(LibraryFiles.cacheDirectory(" ", "relative", "/h"))
                .isEqualTo(Path.of("/h/.cache/rackmark"));
        assertThat(LibraryFiles.cacheDirectory(null, null, "/h"))
                .isEqualTo(Path.of("/h/.cache/rackmark"));
    }

    @Test
    void userDirectoryWithoutALibraryIsRefused() {
        assertThatThrownBy(() -> LibraryFiles.locate(Optional.of(directory)))
                .isInstanceOf(UnusableLibraryException.class)
                .hasMessageContaining("holds none of libllama.so")
                .hasMessageContaining("--llama-lib");
    }

    @Test
    void userLibraryIsFoundInItsDirectoryOrByItself() throws IOException {
        Path library = Files.writeString(directory.resolve("libllama.so"), "x").toRealPath();
        assertThat(LibraryFiles.user(directory).path()).isEqualTo(library);
        assertThat(LibraryFiles.user(library).path()).isEqualTo(library);
        assertThat(LibraryFiles.user(library).source()).isEqualTo(LibraryFile.Source.USER);
    }

    @Test
    void missingUserLibraryIsRefused() {
        Path missing = directory.resolve("gone");
        assertThatThrownBy(() -> LibraryFiles.user(missing))
                .hasMessageContaining(missing + " does not exist");
    }
}
