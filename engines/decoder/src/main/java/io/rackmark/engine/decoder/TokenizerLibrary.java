package io.rackmark.engine.decoder;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The one way into DJL's tokenizer. Its first use asks a cloud metadata address and its home server
 * for leave unless told not to, and unpacks a native library under the home directory unless told
 * where; the static block here tells it, before any of its classes is loaded.
 */
final class TokenizerLibrary {
    static {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        String cache = System.getProperty("rackmark.cache");
        if (cache != null && !cache.isEmpty()) {
            String directory = Path.of(cache).toAbsolutePath().resolve("djl").toString();
            System.setProperty("DJL_CACHE_DIR", directory);
            System.setProperty("ENGINE_CACHE_DIR", directory);
        }
    }

    /** The smallest tokenizer the library takes. */
    private static final String SMALLEST =
            "{\"version\":\"1.0\",\"added_tokens\":[],\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";

    private TokenizerLibrary() {}

    /** Loads the native library. */
    static void prepare() {
        open(SMALLEST, Path.of("tokenizer.json")).close();
    }

    /**
     * @param json content of {@code tokenizer.json}
     * @param source where it came from, for messages
     */
    static HuggingFaceTokenizer open(String json, Path source) {
        // Left to itself DJL truncates to 512 tokens and adds special tokens.
        Map<String, String> options =
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (LinkageError | ai.djl.engine.EngineException e) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "the tokenizer's native library cannot be loaded (%s): it is unpacked under"
                                    .formatted(e)
                            + " -Drackmark.cache=DIR, else ~/.djl.ai; name a writable directory",
                    e);
        } catch (IOException | RuntimeException e) {
            throw TokenizerConfig.bad(source, "is no usable tokenizer (%s)".formatted(e), e);
        }
    }
}
