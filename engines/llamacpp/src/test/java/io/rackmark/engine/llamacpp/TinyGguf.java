package io.rackmark.engine.llamacpp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a GGUF of the llama architecture with seeded random f32 weights. */
final class TinyGguf {
    static final int VOCABULARY = 64;

    private static final int HEADS = 2;
    private static final int KV_HEADS = 1;
    private static final int ALIGNMENT = 32;

    private final ByteBuffer header = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<Runnable> tensorInfos = new ArrayList<>();
    private final Random random = new Random(1);
    private final int width;
    private final int layers;

    /** Bytes before the first tensor's data. */
    private int dataStart;

    private TinyGguf(int width, int layers) {
        this.width = width;
        this.layers = layers;
    }

    /** Two layers of width 64: some 300 kB. */
    static byte[] small() {
        return new TinyGguf(64, 2).write();
    }

    /** Some 25 MB, for tests that watch memory. */
    static byte[] large() {
        return new TinyGguf(512, 4).write();
    }

    static Path write(Path directory, byte[] content) throws IOException {
        return Files.write(directory.resolve("tiny.gguf"), content);
    }

    /** Length of the header of {@link #small}, padding included. */
    static int smallHeaderLength() {
        TinyGguf gguf = new TinyGguf(64, 2);
        gguf.write();
        return gguf.dataStart;
    }

    private byte[] write() {
        int feedForward = width * 2;
        int kvWidth = width / HEADS * KV_HEADS;
        tensor("token_embd.weight", width, VOCABULARY);
        tensor("output.weight", width, VOCABULARY);
        tensor("output_norm.weight", width);
        for (int i = 0; i < layers; i++) {
            String block = "blk." + i + ".";
            tensor(block + "attn_norm.weight", width);
            tensor(block + "attn_q.weight", width, width);
            tensor(block + "attn_k.weight", width, kvWidth);
            tensor(block + "attn_v.weight", width, kvWidth);
            tensor(block + "attn_output.weight", width, width);
            tensor(block + "ffn_norm.weight", width);
            tensor(block + "ffn_gate.weight", width, feedForward);
            tensor(block + "ffn_up.weight", width, feedForward);
            tensor(block + "ffn_down.weight", feedForward, width);
        }
        header.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
        header.putLong(tensorInfos.size()).putLong(15);
        metadata(feedForward);
        tensorInfos.forEach(Runnable::run);
        header.position((header.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        dataStart = header.position();
        byte[] file = new byte[dataStart + data.size()];
        header.flip().get(file, 0, dataStart);
        System.arraycopy(data.toByteArray(), 0, file, dataStart, data.size());
        return file;
    }

    private void metadata(int feedForward) {
        text("general.architecture", "llama");
        count("llama.context_length", 256);
        count("llama.embedding_length", width);
        count("llama.block_count", layers);
        count("llama.feed_forward_length", feedForward);
        count("llama.attention.head_count", HEADS);
        count("llama.attention.head_count_kv", KV_HEADS);
        key("llama.attention.layer_norm_rms_epsilon", GgufValue.FLOAT32);
        header.putFloat(1e-5f);
        text("tokenizer.ggml.model", "gpt2");
        text("tokenizer.ggml.pre", "gpt-2");
        texts("tokenizer.ggml.tokens", VOCABULARY, "t");
        key("tokenizer.ggml.token_type", GgufValue.ARRAY);
        header.putInt((int) GgufValue.INT32).putLong(VOCABULARY);
        for (int i = 0; i < VOCABULARY; i++) {
            header.putInt(1);
        }
        texts("tokenizer.ggml.merges", 1, "t ");
        count("tokenizer.ggml.bos_token_id", 1);
        count("tokenizer.ggml.eos_token_id", 2);
    }

    private void tensor(String name, int... extents) {
        int offset = data.size();
        int elements = 1;
        for (int extent : extents) {
            elements *= extent;
        }
        tensorInfos.add(
                () -> {
                    string(name);
                    header.putInt(extents.length);
                    for (int extent : extents) {
                        header.putLong(extent);
                    }
                    header.putInt(0).putLong(offset); // GGML_TYPE_F32
                });
        ByteBuffer values =
                ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            values.putFloat(extents.length == 1 ? 1 : (float) random.nextGaussian() * 0.2f);
        }
        data.writeBytes(values.array());
    }

    private void key(String key, long type) {
        string(key);
        header.putInt((int) type);
    }

    private void count(String key, int value) {
        key(key, GgufValue.UINT32);
        header.putInt(value);
    }

    private void text(String key, String value) {
        key(key, GgufValue.STRING);
        string(value);
    }

    private void texts(String key, int length, String prefix) {
        key(key, GgufValue.ARRAY);
        header.putInt((int) GgufValue.STRING).putLong(length);
        for (int i = 0; i < length; i++) {
            string(prefix + i);
        }
    }

    private void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        header.putLong(bytes.length).put(bytes);
    }
}
