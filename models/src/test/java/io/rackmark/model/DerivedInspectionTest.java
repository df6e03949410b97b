package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.convert.ConversionCache;
import io.rackmark.model.convert.ConversionCache.Reuse;
import io.rackmark.model.convert.ConversionProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was derived from the embedded checkpoint is recognised again. */
class DerivedInspectionTest {
    private static final Catalogue CATALOGUE = new Catalogue(EmbeddedModel.home());

    @TempDir private Path temporary;

    @Test
    void aTorchScriptArchiveTellsItsModelAndIsMadeOnce() throws IOException {
        List<Long> steps = new ArrayList<>();
        ModelFiles files =
                torchScript(Precision.F32, true, (done, total) -> steps.add(total - done));

        assertThat(files.format()).isEqualTo(ModelFormat.TORCHSCRIPT);
        assertThat(steps).isSortedAccordingTo(java.util.Comparator.reverseOrder()).endsWith(0L);
        ModelInspection model = inspect(files.weights());
        assertThat(model.format()).isEqualTo("torchscript");
        assertThat(model.architecture()).isEqualTo("LlamaForCausalLM");
        assertThat(model.parameters()).hasValue(6_820_096);
        assertThat(model.parametersByDtype()).containsOnlyKeys("FLOAT32");
        assertThat(model.contextTokens()).hasValue(2048);
        assertThat(model.synthetic()).contains(false);
        assertThat(model.fileBytes()).isGreaterThan(4 * 6_820_096);
        long before = Files.getLastModifiedTime(files.weights()).toMillis();
        torchScript(Precision.F32, true, ConversionProgress.NONE);
        assertThat(Files.getLastModifiedTime(files.weights()).toMillis()).isEqualTo(before);
    }

    @Test
    void aProgramAloneIsAFewKilobytesAndSaysSo() {
        ModelInspection model =
                inspect(torchScript(Precision.BF16, false, ConversionProgress.NONE).weights());

        assertThat(model.format()).isEqualTo("torchscript, program alone");
        assertThat(model.fileBytes()).isLessThan(64 << 10);
        assertThat(model.tensors()).allMatch(tensor -> tensor.bytes() == 0);
    }

    @ParameterizedTest
    @CsvSource({"F16, FLOAT16", "BF16, BFLOAT16"})
    void anArchiveOf16BitsHoldsHalfTheBytes(Precision precision, String type) {
        ModelInspection model =
                inspect(torchScript(precision, true, ConversionProgress.NONE).weights());

        assertThat(model.parameters()).hasValue(6_820_096);
        assertThat(model.parametersByDtype()).containsOnlyKeys(type);
        assertThat(model.fileBytes()).isBetween(2 * 6_820_096L, 3 * 6_820_096L);
    }

    @Test
    void precisionsThatTorchScriptHasNotAreRefused() {
        assertThatThrownBy(() -> torchScript(Precision.INT4, true, ConversionProgress.NONE))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "cannot write TorchScript in precision int4; supported: f32, f16, bf16");
    }

    @Test
    void anOnnxGraphTellsItsOpsetTensorsAndDataFile() {
        ModelFiles files =
                new ConversionCache(temporary)
                        .onnx(
                                EmbeddedModel.checkpoint(),
                                Precision.INT8,
                                Reuse.CHECK_STAMP,
                                ConversionProgress.NONE);

        ModelInspection model = inspect(files.weights());

        assertThat(model.format()).isEqualTo("onnx");
        assertThat(model.architecture()).contains("opset ");
        assertThat(model.parameters()).as("packed bytes and scales are no parameters").isEmpty();
        assertThat(model.contextTokens()).hasValue(2048);
        assertThat(model.tensors()).isNotEmpty();
        assertThat(model.parametersByDtype()).containsKey("UINT8");
        assertThat(model.files())
                .extracting(file -> file.path().getFileName().toString())
                .contains("embedded-int8.onnx", "embedded-int8.onnx.data");
        assertThat(ConversionCache.filesOf(files)).hasSize(3).allMatch(Files::isRegularFile);
    }

    @Test
    void filesThatAreCutOffOrOfAnotherKindAreOneSentence() throws IOException {
        Path zip =
                Files.write(
                        temporary.resolve("a.pt"),
                        "not a zip".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> inspect(zip))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a TorchScript archive")
                .hasMessageNotContaining("\n");
        Path graph =
                new ConversionCache(temporary)
                        .onnx(
                                EmbeddedModel.checkpoint(),
                                Precision.F32,
                                Reuse.CHECK_STAMP,
                                ConversionProgress.NONE)
                        .weights();
        byte[] sound = Files.readAllBytes(graph);
        for (int length : new int[] {0, 1, 100, sound.length / 2, sound.length - 1}) {
            Path cut = Files.write(temporary.resolve("cut.onnx"), Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> inspect(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(ModelException.class);
        }
    }

    private ModelFiles torchScript(
            Precision precision, boolean weights, ConversionProgress progress) {
        return new ConversionCache(temporary)
                .torchScript(
                        EmbeddedModel.checkpoint(),
                        precision,
                        weights,
                        Reuse.CHECK_STAMP,
                        progress);
    }

    private static ModelInspection inspect(Path file) {
        return ModelInspection.of(CATALOGUE, file.toString());
    }
}
