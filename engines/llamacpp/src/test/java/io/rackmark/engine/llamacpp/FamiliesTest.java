package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Converted checkpoints of every family against the logits of the reference implementation. */
class FamiliesTest {
    private static final Map<String, String> FLOATS = Map.of("kv-type", "f32");

    @TempDir private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "tinyllama", "mistral", "qwen2", "wide"})
    void floatsGiveTheLogitsOfTheReferenceImplementation(String name) throws IOException {
        Path gguf = Fixtures.gguf(name, Precision.F32, temporary);
        Fixtures.Expected expected = Fixtures.expected(name);
        int prompt = expected.ids().length - 4;
        try (TokenModel model = Models.open(gguf, 64, 1, FLOATS)) {
            float[] logits =
                    model.prefill(0, Arrays.copyOf(expected.ids(), prompt), true, Models.NEVER);
            assertThat(Fixtures.relativeRms(logits, expected.logits()[prompt - 1]))
                    .isLessThan(1e-5);
            for (int i = prompt; i < expected.ids().length; i++) {
                float[][] rows = model.decode(new int[1], new int[] {expected.ids()[i]});
                assertThat(Fixtures.relativeRms(rows[0], expected.logits()[i])).isLessThan(1e-5);
            }
        }
    }

    @Test
    void aFamilyYoungerThanTheLibraryIsRefusedInOneSentence() throws IOException {
        Path gguf = Fixtures.gguf("qwen3", Precision.F32, temporary);
        assertThatThrownBy(() -> Models.open(gguf, 64, 1))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL))
                .hasMessage(
                        "llama.cpp b4916 does not know the model architecture 'qwen3' of %s; run"
                                + " this model on another engine",
                        gguf);
    }
}
