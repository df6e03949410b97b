package io.rackmark.engine.decoder;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The text of one answer, token by token. What was returned never changes: an incomplete character
 * is kept until it is complete. All parts together equal the tokenizer's own decoding of the ids.
 */
final class Detokenizer {
    private final TokenTable table;
    private final CharsetDecoder utf8 =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteArrayOutputStream spelt = new ByteArrayOutputStream();
    private byte[] partial = {};
    private int strip;

    Detokenizer(TokenTable table) {
        this.table = table;
        this.strip = table.decoder().strip();
    }

    /** What the token adds; empty for special tokens and while a character is incomplete. */
    String add(int token) {
        byte[] bytes = table.bytes(token);
        if (bytes.length == 0) {
            return "";
        }
        if (table.isRawByte(token)) {
            spelt.write(bytes[0]);
            return "";
        }
        if (!table.decoder().byteLevel()) {
            return stripped(speltOut() + new String(bytes, StandardCharsets.UTF_8));
        }
        return stripped(decode(bytes, false));
    }

    /** Whether the token adds anything; special and unknown ones do not. */
    boolean spells(int token) {
        return table.bytes(token).length > 0;
    }

    /** What an incomplete character comes to when no more tokens follow. */
    String flush() {
        return stripped(speltOut() + decode(new byte[0], true));
    }

    private String decode(byte[] bytes, boolean end) {
        ByteBuffer in = ByteBuffer.allocate(partial.length + bytes.length);
        in.put(partial).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        utf8.reset();
        utf8.decode(in, out, end);
        partial = new byte[in.remaining()];
        in.get(partial);
        return out.flip().toString();
    }

    /** Neighbouring single bytes: a text if they are one as a whole, else U+FFFD for each. */
    private String speltOut() {
        if (spelt.size() == 0) {
            return "";
        }
        byte[] run = spelt.toByteArray();
        spelt.reset();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run)).toString();
        } catch (CharacterCodingException e) {
            return "\uFFFD".repeat(run.length);
        }
    }

    private String stripped(String text) {
        int start = 0;
        while (strip > 0 && start < text.length()) {
            if (text.charAt(start) == ' ') {
                start++;
                strip--;
            } else {
                strip = 0;
            }
        }
        return text.substring(start);
    }
}
