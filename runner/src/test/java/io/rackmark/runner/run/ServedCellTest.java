package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.remote.provider.Provider;
import io.rackmark.engine.remote.provider.Providers;
import io.rackmark.runner.energy.EnergyMetering;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.EnergyPlan;
import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.plan.ServerPlan;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.remote.Pacers;
import io.rackmark.runner.remote.RemoteCellRunner;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.server.FakePlans;
import io.rackmark.runner.server.ServerSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ServedCellTest {
    private static final CellKey KEY = new CellKey("fake/served", "speed", 1);

    @TempDir Path work;

    private final List<CellRecord> cells = new ArrayList<>();
    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<EnergyRecord> energies = new ArrayList<>();

    @Test
    void aCellHasTheLifeCycleMemoryAndFactsOfItsServer() {
        CellRecord cell = run(FakePlans.fake());
        assertThat(cell.failure()).isNull();
        assertThat(cells).containsExactly(cell);
        assertThat(energies).hasSize(1);
        assertThat(requests).hasSize(2);
        LifeCycle life = Objects.requireNonNull(cell.lifeCycle());
        assertThat(life.modelLoadNanos()).isPositive().isLessThan(life.coldStartNanos());
        assertThat(life.firstRequestNanos()).isPositive().isLessThan(life.coldStartNanos());
        assertThat(life.processStartNanos()).isNull();
        assertThat(Objects.requireNonNull(cell.memory()).peakRssBytes()).isGreaterThan(10L << 20);
        assertThat(cell.facts())
                .extracting(Property::name)
                .contains("server", "server command", "server port open", "served model");
    }

    @Test
    void aServerThatDoesNotStartIsAFailedCellWithItsLastWords() {
        CellRecord cell = run(FakePlans.fake("port=no-number"));
        assertThat(cells).containsExactly(cell);
        assertThat(cell.state()).isEqualTo(CellRecord.State.FAILED);
        CellRecord.Failure failure = Objects.requireNonNull(cell.failure());
        assertThat(failure.kind()).isEqualTo("EXITED");
        assertThat(failure.message()).contains("ended with exit status 1 before it was ready");
        assertThat(failure.toString()).contains("no-number");
        assertThat(energies).hasSize(1);
    }

    private CellRecord run(ServerPlan plan) {
        Provider custom = Providers.builtIn().find(RemotePlan.CUSTOM).orElseThrow();
        RemoteTarget target =
                new RemoteTarget(
                        custom, custom.endpoint("fake", "http://127.0.0.1:1/v1", Map.of()), "");
        EnergyPlan none = new EnergyPlan(List.of("none"), 0, null, 0);
        SpeedPlan speed = new SpeedPlan(1, 8, Defaults.OUTPUT_TOKENS, 1, 0);
        try (EnergyMetering meters = EnergySetup.open(none)) {
            return new ServedCell(
                            KEY,
                            ServerSpec.of(plan, work),
                            new Kept(),
                            new Unwatched(),
                            meters.cell(KEY, 1))
                    .run(
                            target,
                            (there, sink) ->
                                    new RemoteCellRunner(sink, (key, label) -> {}, new Pacers())
                                            .speed(there, KEY, speed, Progress.NONE));
        }
    }

    private final class Kept implements ResultSink {
        @Override
        public void cell(CellRecord cell) {
            cells.add(cell);
        }

        @Override
        public void request(RequestRecord request) {
            requests.add(request);
        }

        @Override
        public void question(QuestionRecord question) {}

        @Override
        public void energy(EnergyRecord energy) {
            energies.add(energy);
        }
    }

    private static final class Unwatched implements RunView {
        @Override
        public void begun(RunRecord run, int left) {}

        @Override
        public void cellBegun(CellKey cell, int steps) {}

        @Override
        public void step(CellKey cell, String label) {}

        @Override
        public void cellEnded(CellRecord cell) {}
    }
}
