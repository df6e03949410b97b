package io.rackmark.engine.decoder.grammar;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The rest of a JSON string after its opening quote, closing quote included: well-formed UTF-8
 * (Unicode 16, table 3-7), the escapes of RFC 8259, and no escaped surrogates, which a reader may
 * refuse when they come alone.
 *
 * @param at where in it
 */
record Text(At at) implements Expr {
    /** One of each, so that an unchanged state is known by identity. */
    private static final Map<At, Text> ALL = all();

    /** The body of a string. */
    static final Text BODY = of(At.BODY);

    enum At {
        BODY,
        ESCAPE,
        /** Four digits after {@code \\u}, then three, two and one. */
        HEX_4,
        HEX_3,
        HEX_2,
        HEX_1,
        /** After {@code \\ud}: the next digit must not make a surrogate. */
        HEX_AFTER_D,
        /** One, two or three bytes of a character are left. */
        TAIL_1,
        TAIL_2,
        TAIL_3,
        AFTER_E0,
        AFTER_ED,
        AFTER_F0,
        AFTER_F4
    }

    private static Map<At, Text> all() {
        Map<At, Text> all = new EnumMap<>(At.class);
        for (At at : At.values()) {
            all.put(at, new Text(at));
        }
        return all;
    }

    private static Text of(At at) {
        return Objects.requireNonNull(ALL.get(at));
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public Expr step(int octet) {
        return switch (at) {
            case BODY -> body(octet);
            case ESCAPE ->
                    octet == 'u' ? of(At.HEX_4) : go("\"\\/bfnrt".indexOf(octet) >= 0, At.BODY);
            case HEX_4 ->
                    octet == 'd' || octet == 'D' ? of(At.HEX_AFTER_D) : go(hex(octet), At.HEX_3);
            case HEX_AFTER_D -> go(octet >= '0' && octet <= '7', At.HEX_2);
            case HEX_3 -> go(hex(octet), At.HEX_2);
            case HEX_2 -> go(hex(octet), At.HEX_1);
            case HEX_1 -> go(hex(octet), At.BODY);
            case TAIL_1 -> go(within(octet, 0x80, 0xBF), At.BODY);
            case TAIL_2 -> go(within(octet, 0x80, 0xBF), At.TAIL_1);
            case TAIL_3 -> go(within(octet, 0x80, 0xBF), At.TAIL_2);
            case AFTER_E0 -> go(within(octet, 0xA0, 0xBF), At.TAIL_1);
            case AFTER_ED -> go(within(octet, 0x80, 0x9F), At.TAIL_1);
            case AFTER_F0 -> go(within(octet, 0x90, 0xBF), At.TAIL_2);
            case AFTER_F4 -> go(within(octet, 0x80, 0x8F), At.TAIL_2);
        };
    }

    private static Expr body(int octet) {
        return switch (octet) {
            case '"' -> EMPTY;
            case '\\' -> of(At.ESCAPE);
            case 0xE0 -> of(At.AFTER_E0);
            case 0xED -> of(At.AFTER_ED);
            case 0xF0 -> of(At.AFTER_F0);
            case 0xF4 -> of(At.AFTER_F4);
            default -> {
                if (within(octet, 0x20, 0x7F)) {
                    yield BODY;
                }
                if (within(octet, 0xC2, 0xDF)) {
                    yield of(At.TAIL_1);
                }
                if (within(octet, 0xE1, 0xEF)) {
                    yield of(At.TAIL_2);
                }
                yield go(within(octet, 0xF1, 0xF3), At.TAIL_3);
            }
        };
    }

    private static Expr go(boolean allowed, At next) {
        return allowed ? of(next) : NONE;
    }

    private static boolean within(int octet, int from, int to) {
        return octet >= from && octet <= to;
    }

    private static boolean hex(int octet) {
        return within(octet, '0', '9') || within(octet, 'a', 'f') || within(octet, 'A', 'F');
    }
}
