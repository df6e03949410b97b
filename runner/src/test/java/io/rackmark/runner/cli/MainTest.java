package io.rackmark.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryCommandAndExitsWithZero() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("run", "ask", "engines", "doctor", "models", "data", "results", "serve");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command :
                new String[] {
                    "run", "ask", "engines", "doctor", "models", "data", "results", "serve",
                    "compare"
                }) {
            assertThat(run(command, "--help")).as(command).isZero();
        }
    }

    @Test
    void anUnknownCommandIsAUsageError() {
        assertThat(run("runn")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("run");
    }

    @Test
    void aWrongValueIsOneSentenceAndAPointerToTheHelp() {
        assertThat(run("compare", "--kwh", "0.4-0.2")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "rackmark: Invalid value for option '--kwh': '0.4-0.2' is not a number or a"
                                + " rising span such as 0.15-0.35",
                        "See rackmark compare --help");
    }

    @Test
    void noCommandIsAUsageError() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void allFaultsOfAPlanAreToldAndNothingElse() throws IOException {
        Path plan = Files.writeString(folder.resolve("p.yaml"), "colour: red\nsql: {limit: x}\n");

        assertThat(run("run", plan.toString(), "--store", store())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("rackmark: " + plan + ":"));
    }

    @Test
    void anUnknownWorkloadListsTheKnownOnes() {
        assertThat(run("run", "--workload", "dance", "--store", store())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("unknown workload 'dance'; known: speed, sql");
    }

    @Test
    void aPlanOfWhichEverySystemLacksItsKeySaysWhichToSetAndExitsWithOne() throws IOException {
        Path providers =
                Files.writeString(
                        folder.resolve("providers.yaml"),
                        """
                        providers:
                          nobody: {title: Nobody, url: "http://127.0.0.1:1/v1", key: RACKMARK_TEST_NO_SUCH_KEY}
                        """);

        assertThat(
                        run(
                                "run",
                                "--provider",
                                "nobody",
                                "--model",
                                "a/m",
                                "--workload",
                                "speed",
                                "--providers",
                                providers.toString(),
                                "--store",
                                store()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly(
                        "rackmark: nothing was measured: every system of the plan was skipped",
                        "rackmark: skipped: nobody/m/served needs a key; set"
                                + " RACKMARK_TEST_NO_SUCH_KEY");
    }

    @Test
    void aScheduleNeedsBothItsTimesAndNoRepeats() {
        assertThat(run("run", "--every", "30m", "--store", store())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("both --every and --for");
        assertThat(
                        run(
                                "run",
                                "--every",
                                "30m",
                                "--for",
                                "1d",
                                "--repeats",
                                "2",
                                "--store",
                                store()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--repeats does not go with a schedule");
        assertThat(run("run", "--every", "soon", "--store", store())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'soon' is not a number with s, m, h or d");
    }

    @Test
    void allFaultsOfTheEnergyFlagsAreToldBeforeAnythingRuns() {
        Path log = folder.resolve("none.csv");

        assertThat(
                        run(
                                "run",
                                "--store",
                                store(),
                                "--meters",
                                "watt",
                                "--idle-seconds",
                                "3",
                                "--wall-csv",
                                log.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "energy.meters is 'watt'; known: auto",
                        "energy.idle-seconds is 3; 0, or at least 10",
                        "no wall-meter log at " + log);
    }

    @Test
    void servingOtherMachinesNeedsAKeyOrItsWaiver() {
        assertThat(run("serve", "--host", "0.0.0.0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("RACKMARK_API_KEY", "--no-key");
        assertThat(run("serve", "--meters", "steam")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("energy.meters is 'steam'; known: auto, none, rapl");
        assertThat(run("serve", "--slots", "0")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aMissingStoreIsOneSentence() {
        assertThat(run("results", "list", "--store", store())).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aFileThatIsNoStoreIsOneSentence() throws IOException {
        Path text = Files.writeString(folder.resolve("runs.db"), "not a database at all");

        assertThat(run("results", "list", "--store", text.toString()))
                .isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aQuestionFileWithInvalidGoldSqlNamesTheQuestion() throws IOException {
        Path questions =
                Files.writeString(
                        folder.resolve("q.yaml"),
                        """
                        questions:
                          - id: broken
                            tier: simple
                            question: What?
                            sql: SELECT x FROM nowhere
                        """);

        assertThat(
                        run(
                                "data",
                                "check",
                                questions.toString(),
                                "--cache",
                                folder.resolve("cache").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).contains("'broken'", "nowhere");
    }

    @Test
    void aDatabaseThatIsNotSqliteIsOneSentence() throws IOException {
        Path text = Files.writeString(folder.resolve("x.db"), "not a database, but long enough");

        assertThat(run("data", "check", "core", "--database", text.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains(text.toString());
    }

    @Test
    void theBuiltInQuestionsAllHaveAnswersOnTheSampleDatabase() {
        assertThat(run("data", "check", "--cache", folder.resolve("cache").toString())).isZero();
        assertThat(out.toString().lines()).hasSize(25);
    }

    private String store() {
        return folder.resolve("none").resolve("runs.db").toString();
    }

    private int run(String... arguments) {
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
