package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                                + " engine, model, options, precision, threads",
                        "p.yaml:5:12: speed.repeats must be a whole number from 1 to 1000",
                        "p.yaml:7:13: sql.strategy is 'guess'; known: agent, single-shot, baseline",
                        "p.yaml:8:1: unknown key 'colour' in the plan; known: energy, name, speed,"
                                + " sql, systems");
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
}
