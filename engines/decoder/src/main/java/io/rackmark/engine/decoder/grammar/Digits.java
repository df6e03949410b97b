package io.rackmark.engine.decoder.grammar;

/**
 * The rest of a JSON number. Its parts are of bounded length, so that no model can write digits for
 * ever and every number fits a double.
 *
 * @param at where in it
 * @param left digits that may still come in this part
 * @param whole whether only integers are meant
 */
record Digits(At at, int left, boolean whole) implements Expr {
    /** As many as a long and a double hold without loss. */
    private static final int MOST = 15;

    private static final int MOST_EXPONENT = 2;

    enum At {
        START,
        AFTER_MINUS,
        ZERO,
        INTEGER,
        AFTER_POINT,
        FRACTION,
        AFTER_E,
        AFTER_SIGN,
        EXPONENT
    }

    /** A number, or an integer. */
    static Expr number(boolean whole) {
        return new Digits(At.START, MOST, whole);
    }

    @Override
    public boolean nullable() {
        return at == At.ZERO || at == At.INTEGER || at == At.FRACTION || at == At.EXPONENT;
    }

    @Override
    public Expr step(int octet) {
        boolean digit = octet >= '0' && octet <= '9';
        return switch (at) {
            case START ->
                    octet == '-' ? new Digits(At.AFTER_MINUS, MOST, whole) : first(octet, digit);
            case AFTER_MINUS -> first(octet, digit);
            case ZERO -> afterInteger(octet);
            case INTEGER -> digit ? more(At.INTEGER, left) : afterInteger(octet);
            case AFTER_POINT -> digit ? more(At.FRACTION, MOST) : NONE;
            case FRACTION -> digit ? more(At.FRACTION, left) : exponent(octet);
            case AFTER_E ->
                    octet == '+' || octet == '-'
                            ? new Digits(At.AFTER_SIGN, MOST_EXPONENT, whole)
                            : digit ? more(At.EXPONENT, MOST_EXPONENT) : NONE;
            case AFTER_SIGN -> digit ? more(At.EXPONENT, MOST_EXPONENT) : NONE;
            case EXPONENT -> digit ? more(At.EXPONENT, left) : NONE;
        };
    }

    private Expr first(int octet, boolean digit) {
        if (!digit) {
            return NONE;
        }
        return octet == '0' ? new Digits(At.ZERO, 0, whole) : more(At.INTEGER, MOST);
    }

    private Expr more(At next, int room) {
        return room == 0 ? NONE : new Digits(next, room - 1, whole);
    }

    private Expr afterInteger(int octet) {
        if (whole) {
            return NONE;
        }
        return octet == '.' ? new Digits(At.AFTER_POINT, MOST, false) : exponent(octet);
    }

    private static Expr exponent(int octet) {
        return octet == 'e' || octet == 'E' ? new Digits(At.AFTER_E, MOST_EXPONENT, false) : NONE;
    }
}
