package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, on the product just built. */
class LauncherIT {
    private static final Path HOME = Path.of(System.getProperty("rackmark.source"));

    @TempDir private Path folder;

    @Test
    void itRunsFromAnyFolderThroughASymbolicLinkWithSpaces() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("a folder with spaces"));
        Path link =
                Files.createSymbolicLink(
                        elsewhere.resolve("my rackmark"), HOME.resolve("rackmark"));

        assertThat(output(List.of(link.toString(), "--version"), Map.of(), 0))
                .contains("rackmark 0.1");
    }

    @Test
    void withoutAJdkItSaysInOneSentenceWhatToInstall() throws Exception {
        // The same script, but with no folder of this machine to look into.
        Path copy = folder.resolve("rackmark");
        Files.writeString(
                copy,
                Files.readString(HOME.resolve("rackmark"))
                        .replace("/usr/lib/jvm/*", "/nonexistent/*")
                        .replace("/opt/", "/nonexistent/"),
                StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));

        String said =
                output(
                        List.of(copy.toString(), "run"),
                        Map.of("JAVA_HOME", "/nonexistent", "HOME", folder.toString()),
                        3);

        assertThat(said.lines()).hasSize(1);
        assertThat(said).startsWith("rackmark: no JDK 25 or newer found").contains("JAVA_HOME");
    }

    private String output(List<String> command, Map<String, String> environment, int exit)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(exit);
        return said;
    }
}
