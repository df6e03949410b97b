package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.util.Locale;

/** ONNX Runtime's errors in our kinds. */
final class OrtFailures {
    private static final String LOADER = " with error: ";

    private OrtFailures() {}

    /**
     * @param otherwise kind of what is not a lack of memory
     */
    static EngineException of(Kind otherwise, String what, OrtException e) {
        String message = words(e);
        String lower = message.toLowerCase(Locale.ROOT);
        boolean memory =
                lower.contains("bad_alloc")
                        || lower.contains("allocate memory")
                        || lower.contains("out of memory");
        return new EngineException(
                memory ? Kind.OUT_OF_MEMORY : otherwise,
                "ONNX Runtime %s: %s".formatted(what, message),
                e);
    }

    /** On one line. */
    static String words(OrtException e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", " ");
    }

    /** The loader's own words where a provider's library, or one that it needs, is missing. */
    static String loaderWords(OrtException e) {
        String words = words(e);
        int loader = words.indexOf(LOADER);
        return loader < 0 ? words : words.substring(loader + LOADER.length());
    }

    /** Whether a session was refused because the CPU would have had to help out. */
    static boolean isFallback(OrtException e) {
        return words(e).contains("fallback to CPU EP has been explicitly disabled");
    }
}
