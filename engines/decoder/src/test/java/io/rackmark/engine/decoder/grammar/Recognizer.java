package io.rackmark.engine.decoder.grammar;

import io.rackmark.engine.AnswerFormat;
import java.nio.charset.StandardCharsets;

/** Whether a grammar holds a text, over a vocabulary of the 256 bytes. */
final class Recognizer {
    private static final int END = 256;
    private static final Grammars GRAMMARS =
            new Grammars(
                    END + 1,
                    id -> id == END ? new byte[0] : new byte[] {(byte) id},
                    id -> id == END);

    private Recognizer() {}

    static boolean object(String text) {
        return holds(new AnswerFormat.JsonObject(), text.getBytes(StandardCharsets.UTF_8));
    }

    static boolean fits(String schema, String text) {
        return holds(new AnswerFormat.JsonSchema(schema), text.getBytes(StandardCharsets.UTF_8));
    }

    static boolean holds(AnswerFormat format, byte[] text) {
        Guard guard = GRAMMARS.guard(format);
        for (byte octet : text) {
            if (!guard.allows(octet & 0xFF)) {
                return false;
            }
            guard.take(octet & 0xFF);
        }
        return guard.allows(END);
    }
}
