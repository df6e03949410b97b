package io.rackmark.runner.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.measure.CellRunner;
import io.rackmark.runner.measure.CellSpec;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.LifeCycle.PageCache;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workload in a real worker, on the engine whose token times are known. */
class SpeedWorkloadTest implements ResultSink {
    private static final long MS = 1_000_000;
    private static final CellKey KEY = new CellKey("scripted/m/f32", "speed", 1);

    @TempDir private Path folder;

    private final List<RequestRecord> requests = new ArrayList<>();

    @Test
    void everyCaseIsMeasuredRoundByRoundWithTheTimesOfTheScript() throws IOException {
        SpeedPlan plan =
                new SpeedPlan(
                        1, List.of(16), List.of(5), 2, 2, List.of(0, 100), List.of(1, 2), 1000);

        CellRecord cell = run(plan, Map.of("fill-us", "50", "prefill-ms", "10", "token-ms", "6"));

        assertThat(cell.failure()).isNull();
        assertThat(requests)
                .extracting(RequestRecord::label)
                .containsExactly(
                        "first",
                        "warm-up-1",
                        "warm-up-2",
                        "pp16-tg5-1",
                        "pp16@d100-tg5-1",
                        "pp16-tg5x2-1.1",
                        "pp16-tg5x2-1.2",
                        "pp16@d100-tg5x2-1.1",
                        "pp16@d100-tg5x2-1.2",
                        "pp16-tg5-2",
                        "pp16@d100-tg5-2",
                        "pp16-tg5x2-2.1",
                        "pp16-tg5x2-2.2",
                        "pp16@d100-tg5x2-2.1",
                        "pp16@d100-tg5x2-2.2");
        assertThat(cell.facts())
                .contains(new Property("warm-up requests", "2"), new Property("steady", "true"));
        RequestRecord deep = request("pp16@d100-tg5-1");
        assertThat(deep.promptTokens()).isEqualTo(116);
        assertThat(Objects.requireNonNull(deep.phases()).fillNanos()).isEqualTo(5 * MS);
        // Tokens are never early: fill, prefill, four intervals.
        assertThat(deep.tokenNanos().getFirst() - deep.sentNanos()).isGreaterThanOrEqualTo(15 * MS);
        assertThat(deep.tokenNanos().getLast() - deep.sentNanos()).isGreaterThanOrEqualTo(39 * MS);
        RequestRecord one = request("pp16-tg5x2-1.1");
        RequestRecord two = request("pp16-tg5x2-1.2");
        assertThat(one.sentNanos()).isLessThan(two.tokenNanos().getLast());
        assertThat(two.sentNanos()).isLessThan(one.tokenNanos().getLast());
        assertThat(one.promptSha256()).isNotEqualTo(two.promptSha256());
    }

    @Test
    void warmUpsEndAndASystemThatIsNotSteadyByThenIsFlagged() throws IOException {
        SpeedPlan plan = new SpeedPlan(1, List.of(4), List.of(3), 1, 2, List.of(0), List.of(1), 1);

        CellRecord cell = run(plan, Map.of());

        boolean steady = cell.facts().contains(new Property("steady", "true"));
        assertThat(cell.flags().isEmpty()).isEqualTo(steady);
        assertThat(requests).filteredOn(r -> r.phase() == Phase.WARM_UP).hasSize(2);
    }

    private RequestRecord request(String label) {
        return requests.stream().filter(r -> r.label().equals(label)).findFirst().orElseThrow();
    }

    private CellRecord run(SpeedPlan plan, Map<String, String> script) throws IOException {
        Path weights = Files.write(folder.resolve("weights"), new byte[] {1});
        CellSpec spec =
                new CellSpec(
                        KEY,
                        WorkerSpec.of("scripted", classPath(), script, folder),
                        new ModelFiles("m", folder, weights, ModelFormat.GGUF, Precision.F32),
                        new LoadOptions(2048, plan.slots(), 0, "cpu"),
                        PageCache.UNKNOWN,
                        null);
        return new CellRunner(
                        this,
                        (cell, label) -> {},
                        EnergyMetering.open(MeterSetup.host(List.of("none"), 0), 0))
                .run(spec, new SpeedWorkload(plan), Progress.NONE);
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
    public void question(QuestionRecord question) {}

    @Override
    public void energy(EnergyRecord energy) {}
}
