package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.InstalledCli.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fairness gate on the installed product. */
class VerifyIT {
    private static final double F32_BOUND = 1e-5;

    @TempDir private Path folder;

    @Test
    void aSynthesizedShapeIsTheSameModelOnAllThreeEngines() throws Exception {
        InstalledCli cli = InstalledCli.sharing(folder);
        String model = folder.resolve("model").toString();
        Outcome made = cli.run("models", "synth", "smollm2-135m", "--layers", "1", "-o", model);
        assertThat(made.exit()).as(made.err()).isZero();

        Outcome verified = cli.run("models", "verify", model, "--precision", "f32", "--json");

        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        List<JsonNode> rows =
                JsonMapper.shared().readTree(verified.out()).path("engines").valueStream().toList();
        assertThat(rows)
                .extracting(row -> row.path("engine").asString())
                .containsExactlyInAnyOrder("llamacpp", "onnxruntime", "pytorch");
        assertThat(rows)
                .allSatisfy(
                        row -> {
                            assertThat(row.path("verdict").asString()).isEqualTo("SAME_MODEL");
                            assertThat(row.at("/equivalence/samePrompt").asBoolean()).isTrue();
                            assertThat(row.at("/equivalence/relativeRms").asDouble())
                                    .isPositive()
                                    .isLessThan(F32_BOUND);
                        });
    }
}
