package io.rackmark.engine.decoder;

import java.util.Arrays;

/**
 * GPT-2's {@code bytes_to_unicode}: printable Latin-1 bytes stand for themselves, the other 68 in
 * order for U+0100 and up.
 */
final class ByteAlphabet {
    private static final int[] VALUES = values();

    private ByteAlphabet() {}

    /** The byte a character stands for, 0 to 255; -1 when it is none of the alphabet. */
    static int value(char character) {
        return character < VALUES.length ? VALUES[character] : -1;
    }

    private static int[] values() {
        int[] values = new int[0x100 + 68];
        Arrays.fill(values, -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean itself =
                    (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
            values[itself ? b : next++] = b;
        }
        return values;
    }
}
