package io.rackmark.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the files hold; that a runtime computes the right thing with them, the engine tests. */
class DecoderGraphsTest {
    @TempDir private Path temporary;

    private final Checkpoint checkpoint = EmbeddedModel.checkpoint();

    private Path write(Precision precision) throws IOException {
        Path home = Files.createDirectories(temporary.resolve(precision.label()));
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            DecoderGraphs graphs =
                    new DecoderGraphs(checkpoint.config(), weights, precision, "data");
            graphs.writeData(home.resolve("data"), done -> {});
            assertThat(home.resolve("data")).hasSize(graphs.dataBytes());
            for (GraphForm form : GraphForm.of(precision)) {
                graphs.writeGraph(form, home.resolve(form.named("model.onnx")));
            }
        }
        return home;
    }

    private static ExternalTensor find(OnnxFile file, String name) {
        return file.external().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + file.external()));
    }

    private static float[] floats(Path file, ExternalTensor tensor) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(tensor.offset());
            in.readFully(bytes);
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Test
    void everyTensorIsFoundWhereTheGraphSaysItLies() throws IOException {
        Path home = write(Precision.F32);
        for (GraphForm form : GraphForm.of(Precision.F32)) {
            OnnxFile file = OnnxFile.read(home.resolve(form.named("model.onnx")));
            try (CheckpointWeights weights = checkpoint.openWeights()) {
                for (SafetensorsTensor source : weights.tensors().values()) {
                    ExternalTensor tensor = find(file, source.name());
                    float[] expected = new float[Math.toIntExact(source.elements())];
                    source.read(0, expected.length, expected);
                    Path place =
                            tensor.location().equals("data")
                                    ? home.resolve("data")
                                    : checkpoint.directory().resolve(tensor.location());
                    assertThat(tensor.shape()).isEqualTo(source.shape());
                    assertThat(floats(place, tensor)).as(source.name()).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void rotaryTablesHoldTheAnglesOfEveryPosition() throws IOException {
        Path home = write(Precision.F32);
        OnnxFile file = OnnxFile.read(home.resolve("model.onnx"));
        ModelConfig config = checkpoint.config();
        int half = config.headDim() / 2;
        ExternalTensor table = find(file, "rotary.cos");
        assertThat(table.shape()).isEqualTo(List.of((long) config.contextTokens(), (long) half));
        float[] cosines = floats(home.resolve("data"), table);
        float[] sines = floats(home.resolve("data"), find(file, "rotary.sin"));
        for (int position : new int[] {0, 1, 17, config.contextTokens() - 1}) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
                assertThat(cosines[position * half + i])
                        .isCloseTo((float) Math.cos(angle), within());
                assertThat(sines[position * half + i]).isCloseTo((float) Math.sin(angle), within());
            }
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        // Angles are rounded to 32 bits.
        return org.assertj.core.api.Assertions.within(1e-3f);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "INT4"})
    void sameCheckpointGivesTheSameBytes(Precision precision) throws IOException {
        Path first = write(precision);
        byte[] graph = Files.readAllBytes(first.resolve("model.onnx"));
        byte[] data = Files.readAllBytes(first.resolve("data"));
        temporary = temporary.resolve("again");
        Path second = write(precision);
        assertThat(second.resolve("model.onnx")).hasBinaryContent(graph);
        assertThat(second.resolve("data")).hasBinaryContent(data);
    }

    @Test
    void quantisedDataIsAsSmallAsItsBits() throws IOException {
        ModelConfig config = checkpoint.config();
        long matrices =
                (long) config.vocabulary() * config.hidden()
                        + (long) config.layers()
                                * config.hidden()
                                * (2L * config.queryWidth()
                                        + 2L * config.keyValueWidth()
                                        + 3L * config.ffn());
        long int4 = Files.size(write(Precision.INT4).resolve("data"));
        long int8 = Files.size(write(Precision.INT8).resolve("data"));
        assertThat(int8 - int4).isBetween(matrices / 2 - 4096, matrices / 2 + 4096);
    }

    @Test
    void precisionsOfOtherFormatsAreRefused() {
        assertThatThrownBy(() -> GraphForm.of(Precision.Q4_0))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("supported: f32, f16, int8, int4");
    }

    @Test
    void formsAreNamedAfterTheFirst() {
        Path contrib = Path.of("home/model-f32.onnx");
        assertThat(GraphForm.CONTRIB.beside(contrib)).isEqualTo(contrib);
        assertThat(GraphForm.PORTABLE_23.beside(contrib))
                .isEqualTo(Path.of("home/model-f32.portable-23.onnx"));
        assertThat(GraphForm.of("portable-23")).contains(GraphForm.PORTABLE_23);
        assertThat(GraphForm.of("PORTABLE_23")).isEmpty();
    }

    @Test
    void graphThatIsCutOffIsRefusedWithTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(write(Precision.INT8).resolve("model.onnx"));
        Path file = temporary.resolve("cut.onnx");
        Random random = new Random(9);
        for (int i = 0; i < 200; i++) {
            // The last fields are whole in themselves; a cut between them leaves a sound message.
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length - 256)));
            assertThatThrownBy(() -> OnnxFile.read(file))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("cut.onnx is damaged at byte");
        }
    }

    @Test
    void hostileBytesGiveAnErrorOrAListButNoCrash() throws IOException {
        byte[] whole = Files.readAllBytes(write(Precision.INT8).resolve("model.onnx"));
        Path file = temporary.resolve("hostile.onnx");
        Random random = new Random(10);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] content = whole.clone();
            for (int j = 0; j < 4; j++) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
            }
            Files.write(file, content);
            try {
                assertThat(OnnxFile.read(file).external()).hasSizeLessThan(10_000);
            } catch (ModelException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
