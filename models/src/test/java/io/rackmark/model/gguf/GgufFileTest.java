package io.rackmark.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir private Path directory;

    private static Map<String, GgufValue> everyKind() {
        Map<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", GgufValue.text("llama"));
        metadata.put("u8", new GgufValue.Whole(GgufValueType.UINT8, 255));
        metadata.put("i8", new GgufValue.Whole(GgufValueType.INT8, -1));
        metadata.put("u16", new GgufValue.Whole(GgufValueType.UINT16, 65535));
        metadata.put("i16", new GgufValue.Whole(GgufValueType.INT16, -2));
        metadata.put("u32", GgufValue.uint32(4294967295L));
        metadata.put("i32", new GgufValue.Whole(GgufValueType.INT32, -3));
        metadata.put("u64", new GgufValue.Whole(GgufValueType.UINT64, Long.MAX_VALUE));
        metadata.put("i64", new GgufValue.Whole(GgufValueType.INT64, Long.MIN_VALUE));
        metadata.put("f32", GgufValue.float32(1e-5));
        metadata.put("f64", new GgufValue.Real(GgufValueType.FLOAT64, Math.PI));
        metadata.put("bool", GgufValue.bool(true));
        metadata.put("texts", GgufValue.texts(List.of("Ġa", "", "😀")));
        metadata.put("types", GgufValue.int32s(List.of(1, 3)));
        GgufValue inner = GgufValue.int32s(List.of(7));
        metadata.put("nested", new GgufValue.Array(GgufValueType.ARRAY, List.of(inner, inner)));
        return metadata;
    }

    private Path written() throws IOException {
        Path path = directory.resolve("sound.gguf");
        if (Files.exists(path)) {
            return path;
        }
        List<GgufWriter.Plan> plans =
                List.of(
                        new GgufWriter.Plan("a", GgmlType.F32, List.of(3L)),
                        new GgufWriter.Plan("b", GgmlType.Q8_0, List.of(2L, 32L)));
        try (GgufWriter writer = GgufWriter.create(path, everyKind(), plans)) {
            writer.append(new float[] {1, 2, 3}, 3);
            float[] row = new float[32];
            Arrays.fill(row, 127);
            writer.append(row, 32);
            writer.append(row, 32);
            writer.finish();
        }
        return path;
    }

    private static GgufHeader read(byte[] bytes) {
        return new GgufHeaderReader(Path.of("x.gguf"), MemorySegment.ofArray(bytes)).read();
    }

    private static ModelException refused(byte[] bytes) {
        try {
            GgufHeader header = read(bytes);
            throw new AssertionError("opened with " + header.tensors());
        } catch (ModelException e) {
            return e;
        }
    }

    private static ModelException refused(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.capacity()];
        bytes.get(0, copy);
        return refused(copy);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        try (GgufFile file = GgufFile.open(written())) {
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.metadata()).containsExactlyEntriesOf(everyKind());
            GgufTensor a = file.tensor("a");
            GgufTensor b = file.tensor("b");
            assertThat(a.shape()).containsExactly(3L);
            assertThat(b.shape()).containsExactly(2L, 32L);
            assertThat(b.fileOffset() % 32).isZero();
            assertThat(b.elements()).isEqualTo(64);
            float[] values = new float[64];
            a.read(0, 3, values);
            assertThat(values).startsWith(1, 2, 3);
            b.read(0, 64, values);
            assertThat(values).containsOnly(127);
        }
    }

    @Test
    void theBytesAreThoseOfTheSpecification() throws IOException {
        Path path = directory.resolve("small.gguf");
        List<GgufWriter.Plan> plans =
                List.of(new GgufWriter.Plan("t", GgmlType.F16, List.of(1L, 2L)));
        try (GgufWriter writer = GgufWriter.create(path, Map.of("k", GgufValue.uint32(5)), plans)) {
            writer.append(new float[] {1, -2}, 2);
            writer.finish();
        }
        ByteBuffer expected = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        expected.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(1).putLong(1);
        expected.putLong(1).put((byte) 'k').putInt(4).putInt(5);
        // Dimensions run from the innermost outwards.
        expected.putLong(1).put((byte) 't').putInt(2).putLong(2).putLong(1).putInt(1).putLong(0);
        expected.position(96).putShort((short) 0x3c00).putShort((short) 0xc000);
        assertThat(Files.readAllBytes(path)).isEqualTo(expected.array());
    }

    @Test
    void everyTruncationIsAModelException() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        // The last 28 bytes are padding, without which the file is still complete.
        for (int length = 0; length < whole.length - 28; length++) {
            assertThat(refused(Arrays.copyOf(whole, length))).hasMessageContaining("x.gguf");
        }
    }

    @Test
    void flippedBitsEitherOpenSoundlyOrAreAModelException() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        Random random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length - 128)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(read(bytes).tensors().values())
                        .allMatch(t -> t.fileOffset() + t.data().byteSize() <= bytes.length);
            } catch (ModelException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void absurdCountsAreRefusedBeforeAnythingIsAllocated() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        for (long absurd : new long[] {-1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 40}) {
            byte[] tensors = whole.clone();
            ByteBuffer.wrap(tensors).order(ByteOrder.LITTLE_ENDIAN).putLong(8, absurd);
            assertThat(refused(tensors)).hasMessageContaining("at byte 8: expected a tensor count");
            byte[] keys = whole.clone();
            ByteBuffer.wrap(keys).order(ByteOrder.LITTLE_ENDIAN).putLong(16, absurd);
            assertThat(refused(keys)).hasMessageContaining("expected a metadata count");
            byte[] name = whole.clone();
            ByteBuffer.wrap(name).order(ByteOrder.LITTLE_ENDIAN).putLong(24, absurd);
            assertThat(refused(name)).hasMessageContaining("expected a metadata key");
        }
    }

    @Test
    void aHugeArrayInATinyFileIsRefused() {
        ByteBuffer bytes = header(0, 1).putLong(1).put((byte) 'k').putInt(9).putInt(0);
        bytes.putLong(1_000_000_000);
        assertThat(refused(bytes)).hasMessageContaining("expected a length of at most");
    }

    @Test
    void endlesslyNestedArraysAreRefused() {
        ByteBuffer bytes = header(0, 1).putLong(1).put((byte) 'k').putInt(9);
        while (bytes.remaining() >= 12) {
            bytes.putInt(9).putLong(1);
        }
        assertThat(refused(bytes)).hasMessageContaining("arrays nested at most 4 deep");
    }

    @Test
    void overlappingTensorsAreRefused() {
        ByteBuffer bytes = header(2, 0);
        for (String name : List.of("a", "b")) {
            bytes.putLong(1).put((byte) name.charAt(0)).putInt(1).putLong(8).putInt(0).putLong(0);
        }
        assertThat(refused(bytes)).hasMessageContaining("b to begin at data byte 32");
    }

    @Test
    void aShapeThatOverflowsIsRefused() {
        ByteBuffer bytes = header(1, 0);
        bytes.putLong(1).put((byte) 'a').putInt(2).putLong(1L << 40).putLong(1L << 40);
        bytes.putInt(0).putLong(0);
        assertThat(refused(bytes)).hasMessageContaining("fewer than 2^63 elements in a");
    }

    @Test
    void otherVersionsAreNamedWithTheSupportedOnes() {
        ByteBuffer bytes = header(0, 0).putInt(4, 1);
        assertThat(refused(bytes))
                .hasMessageContaining("has GGUF version 1; supported: 2 and 3")
                .extracting(ModelException::kind)
                .isEqualTo(ModelException.Kind.UNSUPPORTED);
    }

    @Test
    void theWriterRefusesToFinishWithTensorsMissing() throws IOException {
        List<GgufWriter.Plan> plans = List.of(new GgufWriter.Plan("t", GgmlType.F32, List.of(4L)));
        try (GgufWriter writer =
                GgufWriter.create(directory.resolve("half.gguf"), Map.of(), plans)) {
            writer.append(new float[2], 2);
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    private static ByteBuffer header(long tensors, long keys) {
        return ByteBuffer.allocate(256)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(tensors)
                .putLong(keys);
    }
}
