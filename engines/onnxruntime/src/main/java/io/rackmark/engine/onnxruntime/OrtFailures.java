package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.util.Locale;

/** ONNX Runtime's errors in our kinds. */
final class OrtFailures {
    private OrtFailures() {}

    /**
     * @param otherwise kind of what is not a lack of memory
     */
    static EngineException of(Kind otherwise, String what, OrtException e) {
        String message = String.valueOf(e.getMessage()).strip();
        String lower = message.toLowerCase(Locale.ROOT);
        boolean memory = lower.contains("bad_alloc") || lower.contains("allocate memory");
        return new EngineException(
                memory ? Kind.OUT_OF_MEMORY : otherwise,
                "ONNX Runtime %s: %s".formatted(what, message),
                e);
    }
}
