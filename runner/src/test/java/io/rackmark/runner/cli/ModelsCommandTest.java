package io.rackmark.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelsCommandTest {
    private static final Path EMBEDDED =
            Path.of(System.getProperty("rackmark.source"), "models/embedded/rackmark-sql-7m");

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theListFitsATerminal() {
        pull("qwen2.5-coder-14b");
        pull("acme/own-model");
        pull("an-organisation/with-a-model-of-a-rather-long-name@refs/pr/7");
        out.getBuffer().setLength(0);

        assertThat(models("list")).isZero();
        assertThat(out.toString().lines())
                .hasSizeGreaterThan(35)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(line("qwen2.5-coder-14b")).contains("14.8B", "apache-2.0", "process", "MB");
        assertThat(line("llama-3.2-1b")).contains("1.2B", "llama3.2 *").doesNotContain("MB");
        assertThat(line("gpt-oss-20b")).contains("server");
        assertThat(line("acme/own-model")).contains("MB");
    }

    @Test
    void theListIsAvailableToPrograms() {
        pull("qwen3-0.6b");
        out.getBuffer().setLength(0);

        assertThat(models("list", "--json")).isZero();
        JsonNode pulled =
                json().values().stream()
                        .filter(node -> node.path("name").asString().equals("qwen3-0.6b"))
                        .findFirst()
                        .orElseThrow();
        assertThat(pulled.path("id").asString()).isEqualTo("Qwen/Qwen3-0.6B");
        assertThat(pulled.path("revision").asString()).isEqualTo("main");
        assertThat(pulled.path("parameters").asLong()).isEqualTo(596_049_920);
        assertThat(pulled.path("bytes").asLong()).isPositive();
        assertThat(Path.of(pulled.path("directory").asString())).isDirectory();
    }

    @Test
    void aPulledModelIsVerifiedInspectedAndRemoved() {
        pull("acme/own");

        assertThat(models("verify", "acme/own")).isZero();
        assertThat(models("inspect", "acme/own")).isZero();
        assertThat(models("rm", "acme/own", "--yes")).isZero();
        assertThat(models("inspect", "acme/own")).isEqualTo(ExitCode.USAGE);
        assertThat(models("rm", "acme/own", "--yes")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("the model acme/own is not on this disk");
    }

    @Test
    void nothingIsRemovedWithoutConsent() {
        pull("acme/own");

        assertThat(models("rm", "acme/own")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--yes");
        assertThat(models("inspect", "acme/own")).isZero();
    }

    @Test
    void theResultIsAvailableToPrograms() {
        assertThat(models("pull", "acme/own", "--from", EMBEDDED.toString(), "--dry-run", "--json"))
                .isZero();
        assertThat(json().path("status").asString()).isEqualTo("planned");
        assertThat(folder).isEmptyDirectory();
        out.getBuffer().setLength(0);

        assertThat(models("pull", "acme/own", "--from", EMBEDDED.toString(), "--json")).isZero();
        JsonNode outcome = json();
        assertThat(outcome.path("status").asString()).isEqualTo("pulled");
        assertThat(outcome.path("fetchedBytes").asLong())
                .isEqualTo(outcome.path("bytes").asLong())
                .isPositive();
        assertThat(outcome.path("files").values())
                .allSatisfy(
                        file -> assertThat(file.path("sha256").asString()).matches("[0-9a-f]{64}"));
        assertThat(Path.of(outcome.path("directory").asString(), "config.json")).isRegularFile();
    }

    @Test
    void faultsAreOneSentenceWithTheirExitCode() throws java.io.IOException {
        assertThat(models("pull", "qwen2.5-codr-7b")).isEqualTo(ExitCode.USAGE);
        assertThat(models("pull", "embedded")).isEqualTo(ExitCode.USAGE);
        assertThat(models("pull", "acme/own", "--from", folder.resolve("no").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(models("pull", "acme/own", "--from", "ftp://mirror")).isEqualTo(ExitCode.USAGE);
        assertThat(models("pull", "acme/own", "--from", "http://127.0.0.1:1"))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString().lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).startsWith("rackmark: "));
        assertThat(models("pull", "acme/own", "--parallel", "99")).isEqualTo(ExitCode.USAGE);

        Path file = Files.createFile(folder.resolve("file"));
        assertThat(
                        run(
                                "models",
                                "pull",
                                "acme/own",
                                "--from",
                                EMBEDDED.toString(),
                                "--cache",
                                file.toString()))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString()).contains("cannot write to the model store");
    }

    @Test
    void sizesAreShortAndExact() {
        assertThat(
                        List.of(
                                999L,
                                1_000L,
                                9_949_999L,
                                999_499_999L,
                                999_500_000L,
                                2_000_000_000_000L))
                .extracting(Amounts::bytes)
                .containsExactly("999 B", "1.0 kB", "9.9 MB", "999 MB", "1.0 GB", "2.0 TB");
    }

    private void pull(String model) {
        assertThat(models("pull", model, "--from", EMBEDDED.toString())).isZero();
    }

    private String line(String start) {
        return out.toString()
                .lines()
                .filter(line -> line.strip().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    private int models(String... arguments) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--cache", folder.toString()));
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
