package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Family;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Rounding;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.onnx.GraphForm;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits of every family and precision against a forward pass in plain Java. */
class FamiliesTest {
    private static final int[] PROMPT = {5, 9, 33, 2, 17, 60, 41, 8, 8, 21, 3, 90, 44, 13, 7};
    private static final int[] NEXT = {7, 95, 0, 7};

    @TempDir Path directory;

    /** The worst relative error over a prefill and some steps. */
    private static double worstError(TokenModel model, ReferenceModel reference) {
        double worst =
                Logits.relativeError(
                        model.prefill(0, PROMPT, true, Models.NEVER), reference.logits(PROMPT));
        int[] sequence = PROMPT;
        for (int token : NEXT) {
            sequence = Arrays.copyOf(sequence, sequence.length + 1);
            sequence[sequence.length - 1] = token;
            float[] logits = model.decode(new int[] {0}, new int[] {token})[0];
            worst = Math.max(worst, Logits.relativeError(logits, reference.logits(sequence)));
        }
        return worst;
    }

    private double worstError(Checkpoint checkpoint, Precision precision, GraphForm form) {
        ModelFiles files = Models.convert(checkpoint, precision, directory.resolve("cache"));
        try (TokenModel model = Models.open(files, form, 1)) {
            return worstError(model, new ReferenceModel(checkpoint));
        }
    }

    @ParameterizedTest
    @EnumSource
    void graphsIn32BitsGiveTheLogitsOfTheForwardPass(Family family) throws IOException {
        Checkpoint checkpoint = TinyCheckpoint.of(family).write(directory.resolve("model"));
        for (GraphForm form : GraphForm.of(Precision.F32)) {
            assertThat(worstError(checkpoint, Precision.F32, form))
                    .as(form.label())
                    .isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "QWEN3"})
    void shardedCheckpointsIn16BitsGiveTheLogitsOfTheForwardPass(Family family) throws IOException {
        Checkpoint checkpoint =
                TinyCheckpoint.of(family)
                        .with(SafetensorsDtype.BF16, 3)
                        .write(directory.resolve("model"));
        assertThat(worstError(checkpoint, Precision.F32, GraphForm.CONTRIB)).isLessThan(1e-5);
        assertThat(worstError(checkpoint, Precision.F32, GraphForm.PORTABLE_21)).isLessThan(1e-5);
    }

    @Test
    void shardsIn32BitsAreReadWhereTheyLie() throws IOException {
        Checkpoint checkpoint =
                TinyCheckpoint.of(Family.MISTRAL)
                        .with(SafetensorsDtype.F32, 3)
                        .write(directory.resolve("model"));
        assertThat(worstError(checkpoint, Precision.F32, GraphForm.CONTRIB)).isLessThan(1e-5);
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "LLAMA3", "QWEN2", "QWEN3"})
    void graphsIn16BitsStayWithinTheirPrecision(Family family) throws IOException {
        Checkpoint checkpoint = TinyCheckpoint.of(family).write(directory.resolve("model"));
        assertThat(worstError(checkpoint, Precision.F16, GraphForm.CONTRIB)).isBetween(1e-6, 5e-3);
    }

    /** To the nearest of 255 numbers, written down without the converter's code. */
    private static void to8Bits(float[] row) {
        for (int from = 0; from < row.length; from += 32) {
            int to = Math.min(row.length, from + 32);
            float largest = 0;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(row[i]));
            }
            float scale = largest / 127;
            for (int i = from; i < to; i++) {
                row[i] = Math.round(row[i] / scale) * scale;
            }
        }
    }

    /** To the nearest of 16 numbers, the most negative of which is the largest magnitude. */
    private static void to4Bits(float[] row) {
        for (int from = 0; from < row.length; from += 32) {
            int to = Math.min(row.length, from + 32);
            float low = 0;
            float high = 0;
            for (int i = from; i < to; i++) {
                low = Math.min(low, row[i]);
                high = Math.max(high, row[i]);
            }
            float scale = (-low > high ? low : high) / -8;
            for (int i = from; i < to; i++) {
                row[i] = Math.clamp(Math.round(row[i] / scale), -8, 7) * scale;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "LLAMA_BIASES", "MISTRAL"})
    void quantisedGraphsComputeWithTheRoundedWeights(Family family) throws IOException {
        packingIsSound(family, Precision.INT8, FamiliesTest::to8Bits);
        packingIsSound(family, Precision.INT4, FamiliesTest::to4Bits);
    }

    private void packingIsSound(Family family, Precision precision, Rounding rounding)
            throws IOException {
        TinyCheckpoint tiny = TinyCheckpoint.of(family);
        Path home = directory.resolve(precision.label());
        Checkpoint checkpoint = tiny.write(home.resolve("model"));
        Checkpoint rounded = tiny.with(rounding).write(home.resolve("rounded"));
        ModelFiles files = Models.convert(checkpoint, precision, home.resolve("cache"));
        ReferenceModel reference = new ReferenceModel(rounded);
        try (TokenModel exact = Models.open(files, GraphForm.CONTRIB_EXACT, 1);
                TokenModel usual = Models.open(files, GraphForm.CONTRIB, 1)) {
            assertThat(worstError(exact, reference)).as(precision.label()).isLessThan(1e-5);
            assertThat(worstError(usual, reference)).as(precision.label()).isLessThan(0.1);
        }
    }

    @Test
    void tableOf16BitsIsReadWhereItLiesByQuantisedGraphs() throws IOException {
        Checkpoint checkpoint =
                TinyCheckpoint.of(Family.QWEN2)
                        .with(SafetensorsDtype.BF16, 1)
                        .write(directory.resolve("model"));
        ModelFiles files = Models.convert(checkpoint, Precision.INT8, directory.resolve("cache"));
        try (TokenModel model = Models.open(files, GraphForm.CONTRIB_EXACT, 1)) {
            assertThat(worstError(model, new ReferenceModel(checkpoint))).isLessThan(0.05);
            assertThat(model.shape().facts())
                    .filteredOn(fact -> fact.name().equals("model-bytes-in-checkpoint"))
                    .extracting(fact -> fact.value())
                    .containsExactly(
                            String.valueOf(TinyCheckpoint.VOCABULARY * TinyCheckpoint.HIDDEN * 2));
        }
    }
}
