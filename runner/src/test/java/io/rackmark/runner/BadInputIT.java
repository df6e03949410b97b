package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.InstalledCli.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets wrong, on the installed product: one clear sentence each, no stack trace. */
class BadInputIT {
    private static final Path EMBEDDED =
            Path.of(System.getProperty("rackmark.source"), "models/embedded/rackmark-sql-7m");

    @TempDir private Path folder;
    private InstalledCli cli;

    @BeforeEach
    void install() {
        cli = InstalledCli.sharing(folder);
    }

    @Test
    void anUnknownEngineListsTheKnownOnes() throws Exception {
        assertThat(fault("run", "--engine", "warp"))
                .startsWith("unknown engine 'warp'; known: ")
                .contains("llamacpp", "pytorch");
    }

    @Test
    void anUnknownModelPointsToTheKnownOnes() throws Exception {
        assertThat(fault("run", "--engine", "llamacpp", "--model", "nothing"))
                .contains("'nothing'", "models list");
        assertThat(fault("run", "--engine", "llamacpp", "--model", "qwen2.5-codr-7b"))
                .contains("qwen2.5-coder-7b");
    }

    @Test
    void anUnknownPrecisionListsTheKnownOnes() throws Exception {
        assertThat(fault("run", "--engine", "llamacpp", "--precision", "q9"))
                .contains("'q9'", "f16");
    }

    @Test
    void anUnknownEngineOptionListsTheKnownOnes() throws Exception {
        assertThat(fault("run", "--engine", "llamacpp", "--option", "wings=2"))
                .contains("'wings'", "lib");
    }

    @Test
    void aTruncatedCheckpointIsNamed() throws Exception {
        Path model = copy();
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(1_000_000);
        }
        assertThat(fault("run", "--engine", "llamacpp", "--model", model.toString()))
                .contains("model.safetensors");
    }

    @Test
    void aCheckpointOfAnotherFamilyIsRefused() throws Exception {
        Path model = copy();
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("LlamaForCausalLM", "GPT2LMHeadModel")
                        .replace("\"llama\"", "\"gpt2\""));

        assertThat(fault("run", "--engine", "llamacpp", "--model", model.toString()))
                .contains("llama");
    }

    @Test
    void accuracyOfRandomWeightsIsRefused() throws Exception {
        Path model = folder.resolve("synthetic");
        Outcome made =
                cli.run("models", "synth", "smollm2-135m", "--layers", "1", "-o", model.toString());
        assertThat(made.exit()).as(made.err()).isZero();

        assertThat(fault("run", "--dry-run", "--engine", "llamacpp", "--model", model.toString()))
                .isEqualTo(
                        "model %s is synthetic (random weights) and can be measured for speed only;"
                                + " add --workload speed or leave sql out of the plan",
                        model);
        Outcome speed =
                cli.run(
                        "run",
                        "--dry-run",
                        "--engine",
                        "llamacpp",
                        "--precision",
                        "q8_0",
                        "--workload",
                        "speed",
                        "--model",
                        model.toString());
        assertThat(speed.exit()).as(speed.err()).isZero();
    }

    @Test
    void anUnknownShapeListsTheKnownOnes() throws Exception {
        assertThat(fault("models", "synth", "gpt-9", "-o", folder.resolve("x").toString()))
                .contains("unknown shape 'gpt-9'; known: smollm2-135m,");
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamedWithTheFlag() throws Exception {
        Path file = Files.writeString(folder.resolve("blocked"), "");

        Outcome outcome = cli.run("run", "--cache", file.toString());

        assertThat(outcome.exit()).isIn(2, 3);
        assertThat(outcome.err()).contains(file.toString()).doesNotContain("\tat ");
    }

    @Test
    void aDatabaseOfTheUsersOwnTakesThePlaceOfTheSample() throws Exception {
        Path database = folder.resolve("mine.db");
        assertThat(cli.run("data", "build", database.toString()).exit()).isZero();

        assertThat(cli.run("data", "check", "--database", database.toString()).exit()).isZero();
    }

    @Test
    void aPromptOverTheContextIsAnOutcomeOfTheQuestionAndADamagedDerivedModelIsDerivedAgain()
            throws Exception {
        String[] run = {
            "run",
            "--engine",
            "llamacpp",
            "--precision",
            "q4_0",
            "--workload",
            "sql",
            "--repeats",
            "1",
            "--limit",
            "1",
            "--context",
            "128",
            "--json"
        };
        Outcome overContext = cli.run(run);
        assertThat(overContext.exit()).as(overContext.err()).isZero();
        assertThat(overContext.out()).contains("\"ex_bag\"");
        Path derived;
        try (Stream<Path> files = Files.walk(cli.cache())) {
            derived =
                    files.filter(
                                    FileSystems.getDefault().getPathMatcher("glob:**q4_0.gguf")
                                            ::matches)
                            .findFirst()
                            .orElseThrow();
        }
        Files.write(derived, new byte[100]);

        Outcome again = cli.run(run);

        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.err()).contains("Wrote");
    }

    @Test
    void aQuestionWithoutAnAnswerEndsInAFailureAndNotInATrace() throws Exception {
        Outcome outcome =
                cli.run(
                        "ask",
                        "--engine",
                        "llamacpp",
                        "--max-tokens",
                        "1",
                        "how many customers are there");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).contains("No answer:");
        assertThat(outcome.err()).doesNotContain("\tat ");
    }

    @Test
    void anAnswerIsTheSqlItsRowsAndItsTime() throws Exception {
        Outcome outcome = cli.run("ask", "--engine", "llamacpp", "how many customers are there");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("SELECT", "59", "model");
    }

    private Path copy() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(EMBEDDED)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        return model;
    }

    /** The one sentence of a usage error. */
    private String fault(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = cli.run(arguments);
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).startsWith("rackmark: ").doesNotContain("\tat ");
        return outcome.err().strip().substring("rackmark: ".length());
    }
}
