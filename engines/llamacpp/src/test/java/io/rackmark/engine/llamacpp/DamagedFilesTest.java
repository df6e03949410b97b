package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.testkit.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checks before loading let through must not end the process. */
class DamagedFilesTest {
    @TempDir Path directory;

    @Test
    void damagedFilesNeverEndTheProcess() throws Exception {
        loadDamagedFiles(List.of());
    }

    @Test
    @Requirements.RecentLlamaCpp
    void damagedFilesNeverEndTheProcessWithARecentLibrary() throws Exception {
        loadDamagedFiles(List.of(Requirements.recentLlamaLib().toString()));
    }

    private void loadDamagedFiles(List<String> lib) throws IOException, InterruptedException {
        Path gguf = Files.write(directory.resolve("sound.gguf"), TinyGguf.small());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                DamagedFiles.class.getName(),
                                gguf.toString(),
                                directory.toString(),
                                String.valueOf(TinyGguf.smallHeaderLength()),
                                "5",
                                "200"));
        command.addAll(lib);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("of 200");
    }
}
