package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.onnxruntime.GpuOptions.TensorRt;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Family;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.onnx.GraphForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider's options as text; whether TensorRT likes them is seen on a GPU alone. */
class TensorRtSettingsTest {
    @TempDir Path directory;
    private Checkpoint checkpoint;
    private WeightFiles weights;

    @BeforeEach
    void writeModel() throws IOException {
        checkpoint = TinyCheckpoint.of(Family.LLAMA).write(directory.resolve("model"));
        ModelFiles files = Models.convert(checkpoint, Precision.F32, directory.resolve("cache"));
        weights = WeightFiles.find(GraphForm.PORTABLE_21.beside(files.weights()), files);
    }

    private Map<String, String> entries(TensorRt level, int context) {
        LoadOptions load = new LoadOptions(context, 1, 1, "cuda:0");
        return new TensorRtSettings(level, checkpoint.config(), load, 16)
                .entries(weights, directory.resolve("engines"));
    }

    @Test
    void everySizeThatChangesHasItsRange() {
        Map<String, String> entries = entries(TensorRt.BASIC, 64);
        assertThat(entries)
                .containsEntry(
                        "trt_profile_max_shapes",
                        "input_ids:1x16,position_ids:1x16,"
                            + "past_key_values.0.key:1x2x64x16,past_key_values.0.value:1x2x64x16,"
                            + "past_key_values.1.key:1x2x64x16,past_key_values.1.value:1x2x64x16");
        assertThat(entries.get("trt_profile_min_shapes"))
                .startsWith("input_ids:1x1,position_ids:1x1,past_key_values.0.key:1x2x0x16");
        assertThat(entries.get("trt_profile_opt_shapes"))
                .contains("past_key_values.1.value:1x2x32x16");
        assertThat(entries).hasSize(3);
        assertThat(directory.resolve("engines")).doesNotExist();
    }

    @Test
    void enginesAreKeptApartByModelAndSizes() {
        Map<String, String> first = entries(TensorRt.OPTIMISED, 64);
        Path home = Path.of(first.get("trt_engine_cache_path"));
        assertThat(home).isDirectory().startsWithRaw(directory.resolve("engines"));
        assertThat(first)
                .containsEntry("trt_fp16_enable", "1")
                .containsEntry("trt_engine_cache_enable", "1")
                .containsEntry("trt_timing_cache_path", home.toString());
        assertThat(entries(TensorRt.OPTIMISED, 64)).isEqualTo(first);
        assertThat(entries(TensorRt.OPTIMISED, 32).get("trt_engine_cache_path"))
                .isNotEqualTo(home.toString());
    }

    @Test
    void gpusGetAGraphTheyHaveKernelsFor() throws IOException {
        ModelFiles f32 = Models.convert(checkpoint, Precision.F32, directory.resolve("cache"));
        ModelFiles f16 = Models.convert(checkpoint, Precision.F16, directory.resolve("cache"));
        OnnxRuntimeOptions options = Models.options(Map.of());
        Target gpu = Target.of(options.gpu(), "cuda:0");
        Target cpu = Target.of(options.gpu(), "cpu");
        assertThat(GraphChoice.file(options, cpu, f32)).isEqualTo(f32.weights());
        assertThat(GraphChoice.file(options, gpu, f32))
                .isEqualTo(GraphForm.PORTABLE_21.beside(f32.weights()));
        assertThat(GraphChoice.file(options, gpu, f16)).isEqualTo(f16.weights());
        assertThat(GraphChoice.file(Models.options(Map.of("graph", "contrib")), gpu, f32))
                .isEqualTo(f32.weights());
        Files.delete(GraphForm.PORTABLE_21.beside(f32.weights()));
        assertThat(GraphChoice.file(options, gpu, f32)).isEqualTo(f32.weights());
    }
}
