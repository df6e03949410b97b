package io.rackmark.runner.serve;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * How a token prints. Many tokens are only a part of a character, so bytes that are no UTF-8 are
 * spelt {@code \xe2\x82}, as OpenAI's own answers have it.
 *
 * @param text the characters
 * @param broken whether any of them stands for a byte
 */
record TokenText(String text, boolean broken) {

    static TokenText of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        StringBuilder text = new StringBuilder();
        boolean broken = false;
        while (true) {
            CoderResult result = utf8.reset().decode(in, out, true);
            text.append(out.flip());
            out.clear();
            if (!result.isError()) {
                return new TokenText(text.toString(), broken);
            }
            broken = true;
            for (int i = 0; i < result.length(); i++) {
                text.append("\\x%02x".formatted(in.get() & 0xFF));
            }
        }
    }
}
