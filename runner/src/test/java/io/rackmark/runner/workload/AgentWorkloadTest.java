package io.rackmark.runner.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.data.Database;
import io.rackmark.data.SampleDatabase;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.agent.AgentQuestion;
import io.rackmark.runner.agent.AgentSettings;
import io.rackmark.runner.agent.PromptStrategy;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.measure.CellRunner;
import io.rackmark.runner.measure.CellSpec;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.QueuedSink;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workload in a real worker, on the engine whose token times are known. */
class AgentWorkloadTest implements ResultSink {
    private static final long MS = 1_000_000;
    private static final CellKey KEY = new CellKey("scripted/m/f32", "agent", 1);

    @TempDir private Path folder;

    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<QuestionLedger> ledgers = new ArrayList<>();

    @Test
    void usersShareTheSlotsAndEachTakesTheNextQuestion() throws IOException {
        CellRecord cell = run(Map.of("prefill-ms", "20", "token-ms", "5"), 3, Progress.NONE);

        assertThat(cell.failure()).isNull();
        assertThat(ledgers)
                .extracting(QuestionLedger::questionId)
                .containsExactlyInAnyOrder(
                        "c1/r1/q0",
                        "c1/r1/q1",
                        "c1/r1/q2",
                        "c1/r1/q3",
                        "c3/r1/q0",
                        "c3/r1/q1",
                        "c3/r1/q2",
                        "c3/r1/q3");
        assertThat(ledgers).allMatch(ledger -> ledger.totalNanos() >= 25 * MS);
        assertThat(ledgers).allMatch(ledger -> ledger.outcome() == QuestionLedger.Outcome.NO_SQL);
        assertThat(overlapping("c1/")).isZero();
        assertThat(overlapping("c3/")).isEqualTo(2);
        assertThat(requests)
                .filteredOn(r -> r.label().startsWith("c3/"))
                .as("with as many slots nobody queues")
                .allMatch(r -> Objects.requireNonNull(r.phases()).queueNanos() < 15 * MS);
        assertThat(requests).filteredOn(r -> r.phase() == RequestRecord.Phase.FIRST).hasSize(1);
    }

    @Test
    void whatIsFinishedIsNotAskedAgain() throws IOException {
        Set<String> stored =
                Stream.of("c1/r1/q", "c3/r1/q")
                        .flatMap(prefix -> IntStream.range(0, 4).mapToObj(i -> prefix + i))
                        .filter(label -> !label.equals("c3/r1/q2"))
                        .collect(Collectors.toSet());

        run(Map.of(), 3, new Progress(2, stored));

        assertThat(ledgers)
                .extracting(QuestionLedger::questionId)
                .containsExactlyInAnyOrder("c3/r1~2/q0", "c3/r1~2/q1", "c3/r1~2/q2", "c3/r1~2/q3");
    }

    @Test
    void aModelThatCrashesUnderLoadEndsTheCell() throws IOException {
        // The first request has no such token: it asks for 16 at most.
        CellRecord cell = run(Map.of("crash-at-token", "20", "tokens", "30"), 3, Progress.NONE);

        CellRecord.Failure failure = Objects.requireNonNull(cell.failure());
        assertThat(failure.kind()).isEqualTo("CRASH");
        assertThat(ledgers).isEmpty();
    }

    /** Most other requests under way when one was sent. */
    private long overlapping(String level) {
        List<RequestRecord> mine =
                requests.stream().filter(r -> r.label().startsWith(level)).toList();
        return mine.stream()
                .mapToLong(
                        one ->
                                mine.stream()
                                        .filter(r -> !r.label().equals(one.label()))
                                        .filter(r -> r.sentNanos() <= one.sentNanos())
                                        .filter(r -> r.tokenNanos().getLast() > one.sentNanos())
                                        .count())
                .max()
                .orElse(0);
    }

    private CellRecord run(Map<String, String> script, int users, Progress progress)
            throws IOException {
        Path weights = Files.write(folder.resolve("weights"), new byte[] {1});
        Database database = Database.open(SampleDatabase.cached(folder));
        List<GoldQuestion> questions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            questions.add(
                    new GoldQuestion(
                            new AgentQuestion("q" + i, "easy", "How many?"), List.of(), false));
        }
        AgentSettings settings = AgentSettings.of(PromptStrategy.SINGLE_SHOT);
        CellSpec spec =
                new CellSpec(
                        KEY,
                        WorkerSpec.of("scripted", classPath(), script, folder),
                        new ModelFiles("m", folder, weights, ModelFormat.GGUF, Precision.F32),
                        new LoadOptions(16_384, users, 0, "cpu"),
                        PageCache.UNKNOWN,
                        null);
        AgentWorkload workload =
                new AgentWorkload(
                        new SqlInputs(questions, database, Optional.empty()),
                        settings,
                        List.of(1, users),
                        1);
        try (QueuedSink queue = new QueuedSink(this)) {
            return new CellRunner(
                            queue,
                            (cell, label) -> {},
                            EnergyMetering.open(MeterSetup.host(List.of("none"), 0), 0))
                    .run(spec, workload, progress);
        }
    }

    /** Without the other engines: a worker holds one. */
    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*/engines/(llamacpp|onnxruntime|pytorch)/.*"))
                .map(Path::of)
                .toList();
    }

    @Override
    public void cell(CellRecord cell) {}

    @Override
    public void request(RequestRecord request) {
        requests.add(request);
    }

    @Override
    public void question(QuestionRecord question) {
        ledgers.add(question.ledger());
    }

    @Override
    public void energy(EnergyRecord energy) {}
}
