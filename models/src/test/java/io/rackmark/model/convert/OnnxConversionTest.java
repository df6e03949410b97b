package io.rackmark.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelException;
import io.rackmark.model.convert.ConversionCache.Reuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversions of several files; what they hold is tested with the graphs. */
class OnnxConversionTest {
    @TempDir private Path temporary;

    private final Checkpoint checkpoint = EmbeddedModel.checkpoint();

    private ModelFiles cached(Precision precision) {
        return new ConversionCache(temporary)
                .onnx(checkpoint, precision, Reuse.CHECK_STAMP, ConversionProgress.NONE);
    }

    @Test
    void allGraphsOfAPrecisionAndTheirDataAreMadeOnceAndFoundAgain() throws IOException {
        ModelFiles files = cached(Precision.F32);
        assertThat(files.format()).isEqualTo(ModelFormat.ONNX);
        assertThat(files.weights().getFileName()).hasToString("embedded-f32.onnx");
        FileTime made = Files.getLastModifiedTime(files.weights());
        assertThat(cached(Precision.F32)).isEqualTo(files);
        assertThat(Files.getLastModifiedTime(files.weights())).isEqualTo(made);
        try (Stream<Path> left = Files.list(files.weights().resolveSibling("."))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".lock",
                            "embedded-f32.onnx",
                            "embedded-f32.onnx.stamp",
                            "embedded-f32.onnx.data",
                            "embedded-f32.onnx.data.stamp",
                            "embedded-f32.portable-21.onnx",
                            "embedded-f32.portable-21.onnx.stamp",
                            "embedded-f32.portable-23.onnx",
                            "embedded-f32.portable-23.onnx.stamp");
        }
    }

    @Test
    void damageToAnyOfTheFilesHasAllDerivedAgain() throws IOException {
        Path graph = cached(Precision.INT8).weights();
        for (String name :
                new String[] {
                    "embedded-int8.onnx",
                    "embedded-int8.onnx.data",
                    "embedded-int8.contrib-exact.onnx"
                }) {
            Path file = graph.resolveSibling(name);
            byte[] sound = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(sound, sound.length / 2));
            cached(Precision.INT8);
            assertThat(file).hasBinaryContent(sound);
            Files.delete(file);
            cached(Precision.INT8);
            assertThat(file).hasBinaryContent(sound);
        }
    }

    @Test
    void precisionsOfOtherFormatsAreRefusedBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> cached(Precision.Q8_0))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cannot write ONNX in precision q8_0");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void weightsThatDoNotFitTheConfigurationAreRefused() throws IOException {
        Path copy = EmbeddedModel.copyTo(temporary.resolve("embedded"));
        Path config = copy.resolve("config.json");
        int ffn = checkpoint.config().ffn();
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "\"intermediate_size\": " + ffn,
                                "\"intermediate_size\": " + (ffn + 32)));
        Checkpoint changed = Checkpoint.read(copy);
        assertThatThrownBy(
                        () ->
                                new ConversionCache(temporary.resolve("cache"))
                                        .onnx(
                                                changed,
                                                Precision.F16,
                                                Reuse.CHECK_STAMP,
                                                ConversionProgress.NONE))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("must have shape");
    }
}
