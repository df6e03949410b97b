package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.runner.InstalledCli.Outcome;
import io.rackmark.runner.energy.SourceEnergy;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The installed product with the real engine and the embedded model. */
class RunIT {
    private static final String[] SHORT = {
        "run",
        "--engine",
        "llamacpp",
        "--precision",
        "f16,q8_0,q4_0",
        "--repeats",
        "1",
        "--limit",
        "3",
        "--requests",
        "1",
        "--warm-ups",
        "0",
        "--output-tokens",
        "8",
        "--prompt-tokens",
        "64",
        "--meters",
        "none"
    };

    @TempDir private static Path cache;
    @TempDir private Path folder;

    @Test
    void aRunEndsInATableOfThreePrecisionsAndAStoredRun() throws Exception {
        InstalledCli cli = new InstalledCli(folder, cache);

        Outcome run = cli.run(SHORT);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "llamacpp/f16", "llamacpp/q8_0", "llamacpp/q4_0", "rackmark results show ");
        assertThat(run.out().lines().filter(line -> line.startsWith("llamacpp/")))
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line.codePointCount(0, line.length())).isLessThan(101));
        try (ResultStore store = ResultStore.open(cli.store())) {
            RunRecord stored = store.find("latest");
            assertThat(stored.state()).isEqualTo(RunRecord.State.DONE);
            assertThat(store.cells(stored.id()))
                    .hasSize(6)
                    .allMatch(cell -> cell.state() == CellRecord.State.DONE);
            assertThat(store.questions(stored.id())).hasSize(9);
            assertThat(store.requests(stored.id()))
                    .allSatisfy(
                            request ->
                                    assertThat(request.tokenNanos())
                                            .as(request.label())
                                            .hasSize(request.outputTokens())
                                            .isSorted());
        }
        JsonNode shown = json(cli.run("results", "show", "--json"));
        assertThat(shown.path("systems").size()).isEqualTo(3);
        JsonNode exported = json(cli.run("results", "export"));
        assertThat(exported.path("requests").size()).isPositive();
    }

    @Test
    void everyEngineRunsTheSameModelAndLeavesNothingInTheUsersHome() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        InstalledCli cli =
                new InstalledCli(folder, cache)
                        .with("HOME", home.toString())
                        .with("CI", ""); // set, it would keep ONNX Runtime's telemetry quiet

        Outcome run =
                cli.run(
                        "run",
                        "--precision",
                        "f32",
                        "--workload",
                        "speed",
                        "--repeats",
                        "1",
                        "--requests",
                        "1",
                        "--warm-ups",
                        "0",
                        "--output-tokens",
                        "8",
                        "--prompt-tokens",
                        "64");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("llamacpp/f32", "onnxruntime/f32", "pytorch/f32");
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void energyIsEstimatedStoredAndALogIsAddedToTheFinishedRun() throws Exception {
        InstalledCli cli = new InstalledCli(folder, cache);

        Outcome run =
                cli.run(
                        "run",
                        "--engine",
                        "llamacpp",
                        "--precision",
                        "q8_0",
                        "--workload",
                        "sql",
                        "--limit",
                        "3",
                        "--meters",
                        "none",
                        "--tdp",
                        "65",
                        "--idle-seconds",
                        "10");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("Energy by estimated-tdp: CPU, estimated as", "  E\n");
        Path log = folder.resolve("plug.csv");
        try (ResultStore store = ResultStore.open(cli.store())) {
            EnergyRecord energy = store.energy(store.find("latest").id()).getFirst();
            assertThat(energy.idle()).isNotNull();
            assertThat(energy.load()).isNotNull();
            assertThat(energy.series())
                    .extracting(EnergySeries::phase)
                    .containsExactly(EnergySeries.Phase.IDLE, EnergySeries.Phase.LOAD);
            assertThat(SourceEnergy.of(energy, Objects.requireNonNull(energy.load())))
                    .singleElement()
                    .satisfies(source -> assertThat(source.idleReason()).isNull());
            long begin = energy.wallClock().getEpochSecond();
            StringBuilder rows = new StringBuilder("time,W\n");
            for (int s = -1; s < 600; s++) {
                rows.append(begin + s).append(",100\n");
            }
            Files.writeString(log, rows);
        }
        Outcome imported =
                cli.run("run", "--resume", "latest", "--wall-csv", log.toString(), "--json");
        JsonNode figures = json(imported).at("/systems/0/energy");
        assertThat(figures.valueStream())
                .anySatisfy(
                        figure -> {
                            assertThat(figure.path("metric").asString())
                                    .isEqualTo("sql_power_mean");
                            assertThat(figure.path("source").asString()).isEqualTo("wall-csv");
                            assertThat(figure.path("value").asDouble())
                                    .isCloseTo(100, within(1e-9));
                        });
    }

    @Test
    void aKilledRunKeepsEveryFinishedRequestAndResumesWithoutDuplicates() throws Exception {
        InstalledCli cli = new InstalledCli(folder, cache);
        Random random = new Random(7);
        Process first = cli.start(SHORT);
        waitForRun(cli);
        // More kills than every build wants: -Drackmark.kills=20.
        int kills = Integer.getInteger("rackmark.kills", 3);
        for (int kill = 0; kill < kills; kill++) {
            Thread.sleep(random.nextInt(4000));
            kill(kill == 0 ? first : cli.start("run", "--resume"), random.nextInt(3000));
        }

        Outcome resumed = cli.run("run", "--resume", "--json");

        assertThat(resumed.exit()).as(resumed.err()).isZero();
        try (ResultStore store = ResultStore.open(cli.store())) {
            RunRecord run = store.find("latest");
            assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
            List<QuestionRecord> questions = store.questions(run.id());
            Set<String> distinct = new HashSet<>();
            questions.forEach(q -> distinct.add(q.cell() + " " + q.ledger().questionId()));
            assertThat(questions).hasSize(9);
            assertThat(distinct).hasSize(9);
            assertThat(
                            store.requests(run.id()).stream()
                                    .filter(r -> r.phase() == RequestRecord.Phase.MEASURED)
                                    .filter(r -> r.cell().workload().equals("speed")))
                    .hasSize(3);
        }
    }

    @Test
    void aKilledWorkerFailsItsCellAndTheRunGoesOn() throws Exception {
        InstalledCli cli = new InstalledCli(folder, cache);
        Process runner =
                cli.start(
                        "run",
                        "--engine",
                        "llamacpp",
                        "--precision",
                        "q8_0",
                        "--workload",
                        "speed",
                        "--repeats",
                        "1",
                        "--prompt-tokens",
                        "1500",
                        "--output-tokens",
                        "400",
                        "--warm-ups",
                        "0",
                        "--requests",
                        "4",
                        "--concurrency",
                        "1");
        waitForRun(cli);
        Instant limit = Instant.now().plus(Duration.ofMinutes(1));
        while (runner.children().noneMatch(RunIT::isWorker) && Instant.now().isBefore(limit)) {
            Thread.sleep(20);
        }
        waitForRequest(cli);
        runner.children().filter(RunIT::isWorker).forEach(ProcessHandle::destroyForcibly);

        assertThat(runner.waitFor()).isEqualTo(1);
        try (ResultStore store = ResultStore.open(cli.store())) {
            RunRecord run = store.find("latest");
            assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
            assertThat(store.cells(run.id()))
                    .extracting(CellRecord::state)
                    .containsExactly(CellRecord.State.FAILED, CellRecord.State.DONE);
            CellRecord.Failure failure = store.cells(run.id()).getFirst().failure();
            assertThat(failure).isNotNull();
            assertThat(failure.kind()).isEqualTo("CRASH");
            assertThat(failure.message()).contains("SIGKILL");
        }
    }

    @Test
    void anInterruptedRunSaysHowToGoOn() throws Exception {
        InstalledCli cli = new InstalledCli(folder, cache);
        Process runner = cli.start(SHORT);
        waitForRun(cli);
        new ProcessBuilder("kill", "-INT", Long.toString(runner.pid())).start().waitFor();

        assertThat(runner.waitFor()).isEqualTo(130);
        assertThat(cli.err()).contains("rackmark run --resume");
        try (ResultStore store = ResultStore.open(cli.store())) {
            assertThat(store.find("latest").state()).isEqualTo(RunRecord.State.INTERRUPTED);
        }
    }

    private static boolean isWorker(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("WorkerMain");
    }

    /** So that the kill falls into a later one, however slowly the worker starts. */
    private static void waitForRequest(InstalledCli cli) throws InterruptedException {
        Instant limit = Instant.now().plus(Duration.ofMinutes(2));
        boolean stored = false;
        while (!stored && Instant.now().isBefore(limit)) {
            Thread.sleep(50);
            try (ResultStore store = ResultStore.open(cli.store())) {
                stored = !store.requests(store.find("latest").id()).isEmpty();
            }
        }
    }

    private static void waitForRun(InstalledCli cli) throws InterruptedException, IOException {
        Instant limit = Instant.now().plus(Duration.ofMinutes(3));
        while (!cli.err().contains("cells, each in a fresh process")) {
            assertThat(Instant.now()).as(cli.err()).isBefore(limit);
            Thread.sleep(20);
        }
    }

    private static void kill(Process runner, int afterMillis) throws InterruptedException {
        Thread.sleep(afterMillis);
        runner.destroyForcibly();
        runner.waitFor();
    }

    private static JsonNode json(Outcome outcome) {
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        return JsonMapper.shared().readTree(outcome.out());
    }
}
