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

    /** With which library; another one in a subclass. */
    Models models() {
        return Models.SHIPPED;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "tinyllama", "mistral", "qwen2", "wide"})
    void floatsGiveTheLogitsOfTheReferenceImplementation(String name) throws IOException {
        assertLogitsOfTheReference(name);
    }

    void assertLogitsOfTheReference(String name) throws IOException {
        Path gguf = Fixtures.gguf(name, Precision.F32, temporary);
        Fixtures.Expected expected = Fixtures.expected(name);
        int prompt = expected.ids().length - 4;
        try (TokenModel model = models().open(gguf, 64, 1, FLOATS)) {
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
    void fusedAttentionGivesTheLogitsOfTheReferenceImplementationToo() throws IOException {
        assertThat(fusedError("f16")).isLessThan(5e-3);
    }

    @Test
    void fusedAttentionOfFloatsIsRefused() {
        assertThatThrownBy(() -> fusedError("f32"))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_OPTION))
                .hasMessageContaining("set kv-type to f16");
    }

    /** Relative error of the last logits with attention as one kernel. */
    private double fusedError(String kvType) throws IOException {
        Fixtures.Expected expected = Fixtures.expected("wide");
        Path gguf = Fixtures.gguf("wide", Precision.F32, temporary);
        Map<String, String> fused = Map.of("kv-type", kvType, "flash-attention", "on");
        try (TokenModel model = models().open(gguf, 64, 1, fused)) {
            float[] logits = model.prefill(0, expected.ids(), true, Models.NEVER);
            return Fixtures.relativeRms(logits, expected.logits()[expected.ids().length - 1]);
        }
    }

    @Test
    void aFamilyYoungerThanTheLibraryIsRefusedInOneSentence() throws IOException {
        Path gguf = Fixtures.gguf("qwen3", Precision.F32, temporary);
        assertThatThrownBy(() -> models().open(gguf, 64, 1))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL))
                .hasMessage(
                        "llama.cpp b4916 does not know the model architecture 'qwen3' of %s; build"
                                + " a newer tag (b10573) with tools/llama-native/build.sh and name"
                                + " its directory in --llama-lib, or run this model on another"
                                + " engine",
                        gguf);
    }
}
