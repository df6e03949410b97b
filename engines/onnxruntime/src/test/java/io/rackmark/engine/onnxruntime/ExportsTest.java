package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Graphs with the signatures of other exporters, made by tools/onnx-fixtures. */
class ExportsTest {
    private static final Path HOME = Path.of("src/test/resources/exports");

    private final JsonNode expected = JsonMapper.shared().readTree(HOME.resolve("logits.json"));

    private static TokenModel open(String name, int slots, Map<String, String> options) {
        ModelFiles files =
                new ModelFiles(
                        name, HOME, HOME.resolve(name + ".onnx"), ModelFormat.ONNX, Precision.F32);
        return Models.open(files, new LoadOptions(32, slots, 1, "cpu"), options);
    }

    private double error(float[] logits, int step) {
        double[] reference =
                StreamSupport.stream(expected.path("logits").path(step).spliterator(), false)
                        .mapToDouble(JsonNode::asDouble)
                        .toArray();
        return Logits.relativeError(logits, reference);
    }

    private int[] tokens(String name) {
        return StreamSupport.stream(expected.path(name).spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimum", "genai"})
    void exportsGiveTheLogitsOfTheirReference(String name) {
        int[] next = tokens("next");
        for (String chunk : new String[] {"512", "3"}) {
            try (TokenModel model = open(name, 2, Map.of("chunk", chunk))) {
                model.prefill(1, new int[] {1, 2, 3}, true, Models.NEVER);
                float[] logits = model.prefill(0, tokens("tokens"), true, Models.NEVER);
                assertThat(error(logits, 0)).isLessThan(1e-5);
                for (int i = 0; i < next.length; i++) {
                    float[][] rows = model.decode(new int[] {1, 0}, new int[] {4, next[i]});
                    assertThat(error(rows[1], i + 1)).as("step " + i).isLessThan(1e-5);
                }
            }
        }
    }

    @Test
    void graphsOfOtherFormsAreNotFoundBesideAnExport() {
        assertThatThrownBy(() -> open("genai", 1, Map.of("graph", "portable-21")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("there is no genai.portable-21.onnx");
    }
}
