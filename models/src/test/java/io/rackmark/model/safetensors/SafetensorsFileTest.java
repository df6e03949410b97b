package io.rackmark.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    private static final String SOUND =
            """
            {"__metadata__":{"format":"pt"},\
            "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
            "b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}}\
            """;

    @TempDir private Path directory;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("x.safetensors"), bytes);
    }

    private static byte[] bytes(long headerLength, String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(json)
                .put(data)
                .array();
    }

    private static byte[] sound() {
        byte[] data = {
            0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc1, 0, 0x40, (byte) 0x80, 0x3f
        };
        return bytes(SOUND.length(), SOUND, data);
    }

    @Test
    void tensorsAreFoundAtTheirOffsetsWithTheirValues() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(file(sound()))) {
            assertThat(file.tensors()).containsOnlyKeys("a", "b");
            SafetensorsTensor a = file.tensor("a");
            SafetensorsTensor b = file.tensor("b");
            assertThat(a.fileOffset()).isEqualTo(8 + SOUND.length());
            assertThat(b.fileOffset()).isEqualTo(8 + SOUND.length() + 8);
            assertThat(b.shape()).containsExactly(1L, 2L);
            float[] values = new float[2];
            a.read(0, 2, values);
            assertThat(values).containsExactly(1, -10);
            b.read(0, 2, values);
            assertThat(values).containsExactly(2, 1);
        }
    }

    @Test
    void whatIsWrittenIsReadAgainInEveryPrecision() throws IOException {
        List<SafetensorsWriter.Plan> plans =
                Arrays.asList(
                        new SafetensorsWriter.Plan("x", SafetensorsDtype.F32, List.of(2L, 2L)),
                        new SafetensorsWriter.Plan("y", SafetensorsDtype.F16, List.of(4L)),
                        new SafetensorsWriter.Plan("z", SafetensorsDtype.BF16, List.of(4L)));
        Path path = directory.resolve("written.safetensors");
        // The third lies half-way between two bfloat16 values; the even one is 1.
        float[] values = {0.5f, -3, 0x1.01p0f, 0x1.03p0f};
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, plans)) {
            for (int i = 0; i < 3; i++) {
                writer.append(values, 4);
            }
            writer.finish();
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] read = new float[4];
            file.tensor("x").read(0, 4, read);
            assertThat(read).containsExactly(values);
            file.tensor("y").read(0, 4, read);
            assertThat(read).containsExactly(values);
            file.tensor("z").read(0, 4, read);
            assertThat(read).containsExactly(0.5f, -3, 1, 1.015625f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0,8] | [0,9] | 8 bytes for a",
                "[0,8] | [-8,0] | at least 0",
                "[0,8] | [0,8,9] | two data_offsets",
                "[8,12] | [7,11] | no hole, no overlap",
                "[8,12] | [9,13] | no hole, no overlap",
                "\"F32\" | \"F33\" | a known dtype for a",
                "[2] | [3] | 12 bytes for a",
                "[2] | [9223372036854775807,9] | below 2^63",
                "[2] | [99999999999999999999] | a JSON header",
                "[2] | 2 | an array",
                "\"b\" | \"a\" | a tensor name once",
                "\"pt\" | 7 | a metadata string",
                "\"shape\":[2] | \"shap\":[2] | dtype, shape or data_offsets"
            })
    void aFaultyHeaderIsNamedWithWhatWasExpected(String before, String after, String message)
            throws IOException {
        String header = SOUND.replace(before.strip(), after.strip());
        Path path = file(bytes(header.length(), header, new byte[12]));
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("x.safetensors is damaged at byte")
                .hasMessageContaining(message.strip());
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "9223372036854775807", "100000001", "400"})
    void anAbsurdHeaderLengthIsRefusedBeforeAnythingIsAllocated(long length) throws IOException {
        Path path = file(bytes(length, SOUND, new byte[12]));
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a header length from 2 to");
    }

    @Test
    void everyTruncationIsAModelException() throws IOException {
        byte[] whole = sound();
        for (int length = 0; length < whole.length; length++) {
            Path path = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(path)).isInstanceOf(ModelException.class);
        }
    }

    @Test
    void flippedBitsEitherOpenSoundlyOrAreAModelException() throws IOException {
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = sound();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(8 + SOUND.length())] ^= (byte) (1 << random.nextInt(8));
            }
            try (SafetensorsFile file = SafetensorsFile.open(file(bytes))) {
                long end = bytes.length;
                assertThat(file.tensors().values())
                        .allMatch(t -> t.fileOffset() + t.data().byteSize() <= end);
            } catch (ModelException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void aMissingFileIsNamed() {
        Path path = directory.resolve("none.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(ModelException.class)
                .hasMessage("no such file: " + path);
    }
}
