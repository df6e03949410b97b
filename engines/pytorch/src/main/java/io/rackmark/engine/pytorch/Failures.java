package io.rackmark.engine.pytorch;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.model.ModelException;
import java.util.Locale;
import java.util.function.Supplier;

/** Turns what DJL, libtorch and the model reader throw into our own kinds. */
final class Failures {
    private static final int MOST_CHARACTERS = 400;
    private static final String SCRIPT_ERROR = "RuntimeError: ";

    private Failures() {}

    /**
     * Runs a step.
     *
     * @param what it does, for the message
     */
    static <T> T guard(String what, Supplier<T> step) {
        try {
            return step.get();
        } catch (ai.djl.engine.EngineException | IllegalStateException e) {
            String words = sentence(String.valueOf(e.getMessage()));
            throw new EngineException(
                    isMemory(words) ? Kind.OUT_OF_MEMORY : Kind.INTERNAL,
                    "libtorch failed in %s: %s".formatted(what, words),
                    e);
        } catch (ModelException e) {
            throw new EngineException(Kind.BAD_MODEL, String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw new EngineException(
                    Kind.OUT_OF_MEMORY,
                    "no memory left for %s: %s".formatted(what, e.getMessage()),
                    e);
        }
    }

    private static boolean isMemory(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return lower.contains("can't allocate memory")
                || lower.contains("not enough memory")
                || lower.contains("out of memory")
                || lower.contains("bad_alloc");
    }

    /**
     * The sentence among the native stack that libtorch appends and the script's trace that it puts
     * in front.
     */
    private static String sentence(String message) {
        int frames = message.indexOf("Exception raised from");
        String words = (frames < 0 ? message : message.substring(0, frames)).strip();
        int error = words.lastIndexOf(SCRIPT_ERROR);
        String last = error < 0 ? words : words.substring(error + SCRIPT_ERROR.length());
        String line = last.replaceAll("\\s*\\n\\s*", " ");
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
