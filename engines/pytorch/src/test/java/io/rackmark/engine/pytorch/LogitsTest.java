package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.torchscript.ProgramSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits against a forward pass in plain Java. */
class LogitsTest {
    private static final double F32_BOUND = 1e-5;
    private static final double BF16_BOUND = 3e-2;
    private static final double F16_BOUND = 5e-3;
    private static final int[] PROMPT = {5, 9, 33, 2, 17, 60, 41, 8, 8, 21, 3};

    @TempDir Path directory;

    private static float[] expected(Path model, int... tokens) {
        return new ReferenceDecoder(Checkpoint.readConfig(model), TinyCheckpoint.weights(model))
                .logits(tokens);
    }

    /** Prompt in one call, prompt in two calls, and two decoded tokens, in two slots. */
    private static void compare(
            Path model, Precision precision, Map<String, String> options, double bound)
            throws IOException {
        float[] afterPrompt = expected(model, PROMPT);
        int[] longer = Arrays.copyOf(PROMPT, PROMPT.length + 2);
        longer[PROMPT.length] = 7;
        longer[PROMPT.length + 1] = 11;
        float[] afterDecode = expected(model, longer);
        try (TokenModel opened = Models.open(model, precision, 2, options)) {
            near("prefill", opened.prefill(1, PROMPT, true, Models.NEVER), afterPrompt, bound);
            opened.prefill(0, Arrays.copyOf(PROMPT, 4), false, Models.NEVER);
            int[] rest = Arrays.copyOfRange(PROMPT, 4, PROMPT.length);
            near("rest", opened.prefill(0, rest, true, Models.NEVER), afterPrompt, bound);
            opened.decode(new int[] {1}, new int[] {7});
            near("decode", opened.decode(new int[] {1}, new int[] {11})[0], afterDecode, bound);
            opened.decode(new int[] {0}, new int[] {7});
            near("again", opened.decode(new int[] {0}, new int[] {11})[0], afterDecode, bound);
        }
    }

    private static void near(String what, float[] actual, float[] expected, double bound) {
        assertThat(ReferenceDecoder.relativeRms(actual, expected))
                .as("relative RMS of %s", what)
                .isLessThan(bound);
    }

    @ParameterizedTest
    @EnumSource
    void everyFamilyAgreesInF32(TinyCheckpoint.Family family) throws IOException {
        Path model = TinyCheckpoint.write(directory, family, SafetensorsDtype.BF16);
        compare(model, Precision.F32, Map.of(), F32_BOUND);
    }

    @ParameterizedTest
    @EnumSource
    void everyFamilyAgreesInBfloat16(TinyCheckpoint.Family family) throws IOException {
        Path model = TinyCheckpoint.write(directory, family, SafetensorsDtype.BF16);
        compare(model, Precision.BF16, Map.of(), BF16_BOUND);
    }

    /** Slow on a CPU, and the usual precision of GPUs: the same program runs on both. */
    @ParameterizedTest
    @EnumSource
    void everyFamilyAgreesInFloat16(TinyCheckpoint.Family family) throws IOException {
        Path model = TinyCheckpoint.write(directory, family, SafetensorsDtype.BF16);
        compare(model, Precision.F16, Map.of(), F16_BOUND);
    }

    @ParameterizedTest
    @EnumSource
    void everyFamilyAgreesWithOneDnn(TinyCheckpoint.Family family) throws IOException {
        Path model = TinyCheckpoint.write(directory, family, SafetensorsDtype.BF16);
        compare(model, Precision.F32, Map.of("linear", "onednn"), F32_BOUND);
    }

    @ParameterizedTest
    @EnumSource
    void everyFamilyAgreesOperationByOperation(TinyCheckpoint.Family family) throws IOException {
        Path model = TinyCheckpoint.write(directory, family, SafetensorsDtype.BF16);
        compare(model, Precision.F32, Map.of("mode", "eager"), F32_BOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = SafetensorsDtype.class,
            names = {"F32", "F16", "BF16"})
    void everyTypeOfFileGivesEveryPrecision(SafetensorsDtype type) throws IOException {
        Path model = TinyCheckpoint.write(directory, TinyCheckpoint.Family.LLAMA, type);
        compare(model, Precision.F32, Map.of(), F32_BOUND);
        compare(model, Precision.BF16, Map.of(), BF16_BOUND);
        compare(model, Precision.F16, Map.of(), F16_BOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"F32", "BF16", "F16"})
    void archiveWithWeightsGivesTheLogitsOfTheCheckpoint(Precision precision) throws IOException {
        Path model =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.QWEN3, SafetensorsDtype.BF16);
        try (TokenModel checkpoint = Models.open(model, precision, 1, Map.of())) {
            float[] logits = checkpoint.prefill(0, PROMPT, true, Models.NEVER);
            for (int run = 0; run < 2; run++) {
                try (TokenModel archive =
                        Models.open(model, precision, 1, Map.of("archive", "true"))) {
                    assertThat(archive.prefill(0, PROMPT, true, Models.NEVER)).isEqualTo(logits);
                }
            }
        }
    }

    @Test
    void bfloat16AgreesWithOneDnnWhereTheCpuHasTheInstructions() throws IOException {
        Assumptions.assumeTrue(CpuFlags.current().lets16BitIntoOneDnn(), "needs AVX-512");
        Path model =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.LLAMA, SafetensorsDtype.BF16);
        compare(model, Precision.BF16, Map.of("linear", "onednn"), BF16_BOUND);
    }

    @Test
    void weightsInSeveralFilesAreOneModel() throws IOException {
        Path model =
                TinyCheckpoint.write(
                        directory, TinyCheckpoint.Family.MISTRAL, SafetensorsDtype.F32, 3);
        compare(model, Precision.F32, Map.of(), F32_BOUND);
        compare(model, Precision.F32, Map.of("archive", "true"), F32_BOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"F32", "BF16"})
    void weightsHandedOverInPiecesAreTheSameModel(Precision precision) throws IOException {
        Path model =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.QWEN2, SafetensorsDtype.BF16);
        NetworkShape shape =
                new NetworkShape(
                        Checkpoint.readConfig(model), 1, 64, precision, ProgramSpec.Linear.STOCK);
        float[] pieces = new float[TinyCheckpoint.VOCABULARY];
        NetworkLoader loader = new NetworkLoader(LibTorch.load(), shape, ai.djl.Device.cpu(), 500);
        try (Network network =
                loader.script(Checkpoint.openWeights(model, TinyCheckpoint.weightFile(model)))) {
            network.prefill(0, 0, PROMPT, pieces);
        }
        try (TokenModel whole = Models.open(model, precision, 1, Map.of())) {
            assertThat(whole.prefill(0, PROMPT, true, Models.NEVER)).isEqualTo(pieces);
        }
    }

    @Test
    void smallBatchesGiveTheLogitsOfOneCall() throws IOException {
        Path model =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.QWEN2, SafetensorsDtype.F32);
        compare(model, Precision.F32, Map.of("batch", "3"), F32_BOUND);
        compare(model, Precision.F32, Map.of("batch", "1"), F32_BOUND);
    }

    @Test
    void wholeContextAgrees() throws IOException {
        Path model =
                TinyCheckpoint.write(
                        directory, TinyCheckpoint.Family.LLAMA3_ROPE, SafetensorsDtype.F32);
        int[] tokens = new int[64];
        Arrays.setAll(tokens, i -> i * 7 % TinyCheckpoint.VOCABULARY);
        try (TokenModel opened = Models.open(model)) {
            near(
                    "64 tokens",
                    opened.prefill(0, tokens, true, Models.NEVER),
                    expected(model, tokens),
                    F32_BOUND);
        }
    }

    @Test
    void embeddedModelAgrees() throws IOException {
        Checkpoint checkpoint = EmbeddedModel.checkpoint();
        int[] tokens = new int[20];
        Arrays.setAll(tokens, i -> 3 + i * 31 % (checkpoint.config().vocabulary() - 3));
        float[] expected;
        try (var weights = checkpoint.openWeights()) {
            expected =
                    new ReferenceDecoder(checkpoint.config(), TinyCheckpoint.decoded(weights))
                            .logits(tokens);
        }
        try (TokenModel opened = Models.open(checkpoint.directory())) {
            near(
                    "embedded model",
                    opened.prefill(0, tokens, true, Models.NEVER),
                    expected,
                    F32_BOUND);
        }
    }
}
