package io.rackmark.engine.decoder;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.rackmark.engine.EngineException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Text to ids by a checkpoint's {@code tokenizer.json}; never truncates. Thread-safe. Owns native
 * memory until closed.
 */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final @Nullable Boolean addBos;
    private final int bos;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private Tokenizer(HuggingFaceTokenizer tokenizer, @Nullable Boolean addBos, int bos) {
        this.tokenizer = tokenizer;
        this.addBos = addBos;
        this.bos = bos;
    }

    static Tokenizer open(Path tokenizerJson, @Nullable Boolean addBos, int bos) {
        String json = TokenizerConfig.text(tokenizerJson);
        return new Tokenizer(TokenizerLibrary.open(json, tokenizerJson), addBos, bos);
    }

    /**
     * The tokenizer of a checkpoint.
     *
     * @param checkpoint directory with {@code tokenizer.json} and {@code tokenizer_config.json}
     * @throws EngineException of kind {@code BAD_MODEL} when one of them cannot be used
     */
    public static Tokenizer open(Path checkpoint) {
        TokenizerConfig config = TokenizerConfig.read(checkpoint);
        Path json = checkpoint.resolve("tokenizer.json");
        return open(json, config.addBos(), TokenTable.read(json).id(config.bosToken()));
    }

    /**
     * The ids of a text. Special tokens written in it become their own ids.
     *
     * @param addSpecial whether the ids begin as the model expects a text to begin; off for text
     *     from a chat template, which writes its own beginning
     */
    public int[] encode(String text, boolean addSpecial) {
        boolean special = addSpecial && !Boolean.FALSE.equals(addBos);
        int[] ids =
                use(
                        t ->
                                Arrays.stream(t.encode(wellFormed(text), special, false).getIds())
                                        .mapToInt(Math::toIntExact)
                                        .toArray());
        boolean owesBos = addSpecial && Boolean.TRUE.equals(addBos) && bos >= 0;
        if (owesBos && (ids.length == 0 || ids[0] != bos)) {
            int[] begun = new int[ids.length + 1];
            begun[0] = bos;
            System.arraycopy(ids, 0, begun, 1, ids.length);
            return begun;
        }
        return ids;
    }

    /** The text of ids, without special tokens. */
    public String decode(int[] ids) {
        long[] wide = Arrays.stream(ids).asLongStream().toArray();
        return use(t -> t.decode(wide, true));
    }

    /** Waits for calls under way. Idempotent. */
    @Override
    public void close() {
        Lock lock = life.writeLock();
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T use(Function<HuggingFaceTokenizer, T> call) {
        Lock lock = life.readLock();
        lock.lock();
        try {
            if (closed) {
                throw new EngineException(
                        EngineException.Kind.BAD_REQUEST,
                        "the model is closed: load it again to generate");
            }
            return call.apply(tokenizer);
        } finally {
            lock.unlock();
        }
    }

    /** Half surrogate pairs, which UTF-8 cannot hold, become U+FFFD. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
