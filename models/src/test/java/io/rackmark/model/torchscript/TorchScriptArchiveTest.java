package io.rackmark.model.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form of an archive; that libtorch computes with it is tested in engines/pytorch. */
class TorchScriptArchiveTest {
    private static final ProgramSpec F32 =
            new ProgramSpec(ProgramSpec.Type.FLOAT32, ProgramSpec.Linear.STOCK);
    private static final ProgramSpec BF16 =
            new ProgramSpec(ProgramSpec.Type.BFLOAT16, ProgramSpec.Linear.ONEDNN);

    @TempDir Path directory;

    private static ModelConfig config(int hidden, int layers, RopeScaling scaling) {
        return new ModelConfig(
                "qwen3",
                "Qwen3ForCausalLM",
                layers,
                hidden,
                4,
                2,
                16,
                2 * hidden,
                100,
                512,
                1e-6,
                10_000,
                scaling,
                false,
                true,
                false,
                true,
                false,
                "bfloat16",
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty());
    }

    private static ModelConfig config() {
        return config(64, 2, new RopeScaling.None());
    }

    private Path embedded(String name, ProgramSpec spec) throws IOException {
        Path file = directory.resolve(name);
        try (CheckpointWeights weights = EmbeddedModel.checkpoint().openWeights()) {
            TorchScriptArchive.write(file, EmbeddedModel.checkpoint().config(), spec, weights);
        }
        return file;
    }

    @Test
    void archiveWithoutWeightsIsSmallAndAlwaysTheSame() {
        byte[] archive = TorchScriptArchive.withoutWeights(config(), F32);
        assertThat(archive).hasSizeLessThan(16 << 10);
        assertThat(TorchScriptArchive.withoutWeights(config(), F32)).isEqualTo(archive);
        assertThat(TorchScriptArchive.withoutWeights(config(), BF16)).isNotEqualTo(archive);
    }

    @Test
    void recordsAreStoredInTheirOrder() throws IOException {
        Path file = directory.resolve("code.pt");
        Files.write(file, TorchScriptArchive.withoutWeights(config(), F32));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "decoder/data.pkl",
                            "decoder/byteorder",
                            "decoder/data/0",
                            "decoder/code/__torch__.py",
                            "decoder/constants.pkl",
                            "decoder/version");
            assertThat(zip.stream()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
        }
    }

    @Test
    void dataOfEveryRecordIsAlignedTo64Bytes() throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(embedded("f32.pt", F32)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        int records = 0;
        int at = 0;
        while (bytes.getInt(at) == 0x04034b50) { // local file header
            int start = at + 30 + bytes.getShort(at + 26) + bytes.getShort(at + 28);
            assertThat(start % 64).as("start of record %d", records).isZero();
            at = start + bytes.getInt(at + 18);
            records++;
        }
        assertThat(records)
                .isEqualTo(ProgramWeights.of(EmbeddedModel.checkpoint().config()).all().size() + 6);
    }

    @Test
    void weightsAreThoseOfTheCheckpoint() throws IOException {
        List<ProgramWeights.Weight> order =
                ProgramWeights.of(EmbeddedModel.checkpoint().config()).all();
        try (ZipFile zip = new ZipFile(embedded("f32.pt", F32).toFile());
                CheckpointWeights weights = EmbeddedModel.checkpoint().openWeights()) {
            for (int i : List.of(0, 1, 2, order.size() - 1)) {
                SafetensorsTensor tensor =
                        weights.require(order.get(i).name(), order.get(i).shape());
                float[] expected = new float[(int) tensor.elements()];
                tensor.read(0, expected.length, expected);
                byte[] record =
                        zip.getInputStream(zip.getEntry("decoder/data/" + i)).readAllBytes();
                FloatBuffer floats =
                        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
                float[] written = new float[floats.remaining()];
                floats.get(written);
                assertThat(written).as(tensor.name()).isEqualTo(expected);
            }
        }
        assertThat(Files.size(directory.resolve("f32.pt")))
                .isGreaterThan(
                        TorchScriptArchive.weightBytes(EmbeddedModel.checkpoint().config(), F32));
    }

    @Test
    void moreThanThePlainZipHoldsIsRefused() {
        ModelConfig large = config(8192, 80, new RopeScaling.None());
        try (CheckpointWeights weights = EmbeddedModel.checkpoint().openWeights()) {
            assertThatThrownBy(
                            () ->
                                    TorchScriptArchive.write(
                                            directory.resolve("large.pt"), large, F32, weights))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("leave the weights in the checkpoint");
        }
        assertThat(directory.resolve("large.pt")).doesNotExist();
    }

    @Test
    void weightsThatDoNotFitTheConfigurationAreNamed() {
        try (CheckpointWeights weights = EmbeddedModel.checkpoint().openWeights()) {
            assertThatThrownBy(
                            () ->
                                    TorchScriptArchive.write(
                                            directory.resolve("x.pt"), config(), F32, weights))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("model.embed_tokens.weight");
        }
    }

    @Test
    void sizesBeyond32BitsAreWritten() {
        byte[] pickle = new Pickle().number(1L << 40).bytes();
        assertThat(pickle).containsExactly(0x80, 2, 0x8a, 8, 0, 0, 0, 0, 0, 1, 0, 0, '.');
    }

    @Test
    void programNamesEachWeightOnce() {
        String source = DecoderProgram.source(config(), F32);
        ProgramWeights weights = ProgramWeights.of(config());
        for (int i = 1; i < weights.perLayer(); i++) {
            assertThat(source).containsOnlyOnce("w[torch.add(base, " + i + ")]");
        }
        assertThat(source).isEqualTo(source.strip() + "\n").doesNotContain("\t");
    }

    @Test
    void scalingSlowsTheRotationDown() {
        List<float[]> rows = new ArrayList<>();
        for (RopeScaling scaling :
                List.of(
                        new RopeScaling.None(),
                        new RopeScaling.Linear(4),
                        new RopeScaling.None())) {
            FloatBuffer table = FloatBuffer.allocate(16 * 16);
            RotaryTable.of(config(64, 1, scaling)).sines(table);
            rows.add(table.array());
        }
        for (int i = 0; i < 16; i++) {
            // Position 12 of the scaled table is position 3 of the plain one.
            assertThat(rows.get(1)[12 * 16 + i]).isEqualTo(rows.get(0)[3 * 16 + i]);
        }
        assertThat(rows.get(2)).isEqualTo(rows.get(0));
        assertThat(
                        new String(
                                TorchScriptArchive.withoutWeights(config(), F32),
                                StandardCharsets.ISO_8859_1))
                .contains("class Decoder(Module):");
    }
}
