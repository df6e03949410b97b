package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackmark.runner.cost.CostInputs;
import io.rackmark.runner.cost.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanReaderTest {

    @Test
    void everyKeyIsRead() {
        Plan plan =
                PlanReader.parse(
                        "p.yaml",
                        """
                        name: night
                        systems:
                          - engine: llamacpp
                            model: embedded
                            precision: [f16, q4_0]
                            context: 4096
                            threads: 2
                            device: cpu
                            options: {batch: 256}
                        speed:
                          repeats: 2
                          prompt-tokens: 64
                          output-tokens: [8]
                          requests: 4
                          warm-ups: 0
                          depth: 0
                          concurrency: 1
                          steady-percent: 0
                        sql:
                          repeats: 1
                          questions: core
                          database: sample
                          strategy: single-shot
                          schema: ddl
                          trim: true
                          max-repairs: 1
                          max-tokens: 256
                          limit: 3
                        energy:
                          meters: [auto, ipmi]
                          tdp-watts: 65
                          wall-csv: plug.csv
                          idle-seconds: 15
                        """);

        assertThat(plan.name()).isEqualTo("night");
        assertThat(plan.systems())
                .containsExactly(
                        new SystemPlan(
                                "llamacpp",
                                "embedded",
                                List.of("f16", "q4_0"),
                                4096,
                                2,
                                "cpu",
                                java.util.Map.of("batch", "256")));
        assertThat(plan.speed()).isEqualTo(new SpeedPlan(2, 64, 8, 4, 0));
        assertThat(plan.sql())
                .isEqualTo(new SqlPlan(1, "core", "sample", "single-shot", "ddl", true, 1, 256, 3));
        assertThat(plan.energy())
                .isEqualTo(new EnergyPlan(List.of("auto", "ipmi"), 65, "plug.csv", 15));
    }

    @Test
    void aPlanWithoutEnergyMeasuresItByWhatTheMachineHas() {
        assertThat(PlanReader.parse("p.yaml", "sql: {limit: 1}").energy())
                .isEqualTo(new EnergyPlan(List.of("auto"), 0, null, 0));
        assertThat(PlanReader.parse("p.yaml", "energy: {meters: none}").energy().meters())
                .containsExactly("none");
        assertThat(PlanReader.parse("p.yaml", "energy: {meters: none}").speed()).isNotNull();
    }

    @Test
    void whatIsWrongWithEnergyIsToldWithTheKnownMeters() {
        Plan plan = PlanReader.parse("p.yaml", "energy: {meters: [none, watt], idle-seconds: 5}");

        assertThat(PlanCheck.faults(plan))
                .containsExactly(
                        "energy.meters is 'watt'; known: auto, none, rapl, nvml, hwmon, ipmi",
                        "energy.meters has 'none' beside others; name either none or meters",
                        "energy.idle-seconds is 5; 0, or at least 10");
        assertThat(faults("energy: {tdp-watts: much}"))
                .containsExactly(
                        "p.yaml:1:21: energy.tdp-watts must be a whole number from 1 to 100000");
    }

    @Test
    void aPlanWithoutWorkloadsHasBoth() {
        Plan plan = PlanReader.parse("p.yaml", "systems: [{engine: llamacpp}]");

        assertThat(plan.speed()).isEqualTo(Defaults.speed());
        assertThat(plan.sql()).isEqualTo(Defaults.sql());
    }

    @Test
    void aPlanWithOneWorkloadHasOnlyThat() {
        assertThat(PlanReader.parse("p.yaml", "sql: {limit: 1}").speed()).isNull();
    }

    @Test
    void allFaultsAreToldAtOnceWithLineAndColumn() {
        assertThat(
                        faults(
                                """
                                systems:
                                  - engine: llamacpp
                                    precison: f16
                                speed:
                                  repeats: many
                                sql:
                                  strategy: guess
                                colour: red
                                """))
                .containsExactlyInAnyOrder(
                        "p.yaml:3:5: unknown key 'precison' in systems[0]; known: context, device,"
                            + " engine, model, options, precision, provider, rpm, server, threads,"
                            + " url",
                        "p.yaml:5:12: speed.repeats must be a whole number from 1 to 1000",
                        "p.yaml:7:13: sql.strategy is 'guess'; known: agent, single-shot, baseline",
                        "p.yaml:8:1: unknown key 'colour' in the plan; known: agent, cost, energy,"
                                + " name, schedule, speed, sql, systems");
    }

    @Test
    void malformedYamlIsToldWithLineAndColumn() {
        assertThat(faults("systems:\n  - engine: [llamacpp\n"))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:1: not YAML: ");
    }

    @Test
    void aRepeatedKeyIsAFault() {
        assertThat(faults("name: a\nname: b\n")).singleElement().asString().contains("name");
    }

    @Test
    void anEmptyPlanIsAFault() {
        assertThat(faults("")).singleElement().asString().startsWith("p.yaml holds no plan");
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("none.yaml");

        PlanException e = catchThrowableOfType(PlanException.class, () -> PlanReader.read(missing));

        assertThat(e.faults()).containsExactly("no plan at " + missing + "; check the path");
    }

    @Test
    void aBinaryFileIsRefusedInOneSentence(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("p.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});

        PlanException e = catchThrowableOfType(PlanException.class, () -> PlanReader.read(binary));

        assertThat(e.faults()).containsExactly(binary + " is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void randomTextNeverThrowsAnythingElse() {
        String alphabet = "systemspqlengine:-[]{}&*!|>'\"%@`#, \n\t0123é\u0000";
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(80);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                PlanReader.parse("p.yaml", text.toString());
            } catch (PlanException e) {
                assertThat(e.faults()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    private static List<String> faults(String yaml) {
        return catchThrowableOfType(PlanException.class, () -> PlanReader.parse("p.yaml", yaml))
                .faults();
    }

    @Test
    void loadScheduleAndCostAreRead() {
        Plan plan =
                PlanReader.parse(
                        "p.yaml",
                        """
                        systems: [{provider: groq, model: m, rpm: 30}]
                        agent: {concurrency: [1, 8], rounds: 2, limit: 5, strategy: single-shot}
                        schedule: {every: 30m, for: 24h}
                        cost: {capex: 2500, watts: 180, kwh: 0.15-0.35, years: 3-5, currency: EUR}
                        """);

        AgentPlan agent = Objects.requireNonNull(plan.agent());
        assertThat(agent.concurrency()).containsExactly(1, 8);
        assertThat(agent.rounds()).isEqualTo(2);
        assertThat(agent.slots()).isEqualTo(8);
        assertThat(agent.sql().limit()).isEqualTo(5);
        assertThat(agent.sql().strategy()).isEqualTo("single-shot");
        assertThat(agent.sql().repeats()).isEqualTo(48);
        assertThat(plan.speed()).isNull();
        assertThat(plan.schedule()).isEqualTo(new SchedulePlan(1800, 86_400));
        assertThat(Objects.requireNonNull(plan.systems().getFirst().remote()).requestsPerMinute())
                .isEqualTo(30);
        CostInputs box = Objects.requireNonNull(plan.cost());
        assertThat(box.perKwh()).isEqualTo(new Span(0.15, 0.35));
        assertThat(box.years()).isEqualTo(new Span(3, 5));
        assertThat(box.pue()).isEqualTo(Span.of(Defaults.COST_PUE));
        assertThat(box.currency()).isEqualTo("EUR");
    }

    @Test
    void faultsOfLoadScheduleAndCostAreToldAtOnce() {
        PlanException e =
                catchThrowableOfType(
                        PlanException.class,
                        () ->
                                PlanReader.parse(
                                        "p.yaml",
                                        """
                                        systems: [{engine: llamacpp, rpm: 5}]
                                        agent: {concurrency: [0], repeats: 3}
                                        schedule: {every: soon, for: 24h}
                                        cost: {capex: much, watts: 1, kwh: 1}
                                        """));

        assertThat(e.faults())
                .hasSize(5)
                .anySatisfy(f -> assertThat(f).startsWith("p.yaml:1:").contains("rpm is for"))
                .anySatisfy(f -> assertThat(f).startsWith("p.yaml:2:").contains("from 1 to"))
                .anySatisfy(f -> assertThat(f).contains("agent.repeats does not go with"))
                .anySatisfy(f -> assertThat(f).contains("schedule.every must be", "30m"))
                .anySatisfy(f -> assertThat(f).startsWith("p.yaml:4:").contains("cost.capex"));
    }

    @Test
    void aScheduleAndACostAreWholeOrNone() {
        assertThat(
                        catchThrowableOfType(
                                        PlanException.class,
                                        () ->
                                                PlanReader.parse(
                                                        "p.yaml",
                                                        """
                                                        schedule: {every: 2h}
                                                        cost: {capex: 1, utilisation: 2}
                                                        """))
                                .faults())
                .containsExactly(
                        "p.yaml:1:11: schedule needs both 'every' and 'for'",
                        "p.yaml:2:7: cost also needs watts, kwh");
        assertThat(
                        catchThrowableOfType(
                                        PlanException.class,
                                        () ->
                                                PlanReader.parse(
                                                        "p.yaml",
                                                        """
                                                        schedule: {every: 1s, for: 1d}
                                                        cost: {capex: 1, watts: 1, kwh: 1, utilisation: 2}
                                                        """))
                                .faults())
                .containsExactly(
                        "p.yaml:1:11: the schedule has 86400 probes; at most 1000",
                        "p.yaml:2:7: cost: utilisation is not in (0, 1]");
    }
}
