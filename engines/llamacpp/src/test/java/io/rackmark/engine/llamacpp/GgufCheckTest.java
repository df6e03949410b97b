package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufCheckTest {
    @TempDir Path directory;

    private static @Nullable Long floats(long type, long rowElements) {
        return type == 0 ? (Long) (rowElements * Float.BYTES) : null;
    }

    private static void check(byte[] content) {
        GgufCheck.check(
                Path.of("tiny.gguf"), MemorySegment.ofArray(content), GgufCheckTest::floats);
    }

    private static void refuses(String words, byte[] content) {
        assertThatThrownBy(() -> check(content))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL))
                .hasMessageContaining("tiny.gguf")
                .hasMessageContaining(words);
    }

    /** Offset of the first byte behind {@code text} in a small GGUF. */
    private static int after(String text) {
        return new String(TinyGguf.small(), StandardCharsets.ISO_8859_1).indexOf(text)
                + text.length();
    }

    private static byte[] withInt(int offset, int value) {
        byte[] content = TinyGguf.small();
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return content;
    }

    @Test
    void soundFilePasses() throws IOException {
        Path gguf = TinyGguf.write(directory, TinyGguf.small());
        assertThatCode(() -> GgufCheck.check(gguf, GgufCheckTest::floats))
                .doesNotThrowAnyException();
    }

    @Test
    void fileCutShortAnywhereIsRefused() {
        byte[] whole = TinyGguf.small();
        int header = TinyGguf.smallHeaderLength();
        for (int length = 0; length < whole.length; length += length < header ? 1 : 997) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> check(cut))
                    .as("cut to " + length)
                    .isInstanceOf(EngineException.class);
        }
        refuses("cut short", Arrays.copyOf(whole, whole.length - 1));
    }

    @Test
    void flippedHeaderBitsPassOrAreABadModel() {
        byte[] content = TinyGguf.small();
        int refused = 0;
        int bits = TinyGguf.smallHeaderLength() * 8;
        // 37 and 8 share no factor: all bit numbers come up.
        for (int bit = 0; bit < bits; bit += 37) {
            byte mask = (byte) (1 << bit % 8);
            content[bit / 8] ^= mask;
            try {
                check(content);
            } catch (EngineException e) {
                assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL);
                refused++;
            }
            content[bit / 8] ^= mask;
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void directoryAndMissingFileAreNamed() {
        assertThatThrownBy(() -> GgufCheck.check(directory, GgufCheckTest::floats))
                .hasMessageContaining("it is a directory");
        assertThatThrownBy(() -> GgufCheck.check(directory.resolve("no"), GgufCheckTest::floats))
                .hasMessageContaining("it does not exist");
    }

    @Test
    void otherFilesAreNoGguf() {
        refuses("does not begin with", new byte[64]);
        refuses("its version is 1", withInt(4, 1));
        refuses("only 0 bytes", new byte[0]);
    }

    @Test
    void countsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() {
        refuses("tensor count", withInt(12, 1 << 20));
        refuses("key count", withInt(20, 1 << 20));
        // ARRAY of STRING follows the key: length in the upper half of the 64 bits
        refuses("length of", withInt(after("tokenizer.ggml.tokens") + 4 + 4 + 4, 1));
    }

    @Test
    void metadataThatLlamaAssertsIsRefused() {
        refuses("block_count", withInt(after("llama.block_count") + 4, 100_000));
        refuses("head_count", withInt(after("llama.attention.head_count") + 4, 0));
        int epsilon = after("llama.attention.layer_norm_rms_epsilon") + 4;
        refuses("epsilon", withInt(epsilon, Float.floatToIntBits(-1)));
        byte[] twice = TinyGguf.small();
        int token = after("t10") - 1;
        twice[token] = '1';
        refuses("occur twice", twice);
    }
}
