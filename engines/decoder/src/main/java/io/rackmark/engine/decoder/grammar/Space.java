package io.rackmark.engine.decoder.grammar;

/**
 * Optional white space between elements: a space, or a line break and indentation. No more, because
 * a model that has lost its way writes white space for ever.
 *
 * @param left bytes of indentation that may still come; -1 before anything has
 */
record Space(int left) implements Expr {
    private static final int INDENTATION = 16;

    /** A space, or a new line. */
    static final Expr ANY = new Space(-1);

    /** A space at most, as after a colon. */
    static final Expr ONE = Expr.either(EMPTY, Expr.literal(" "));

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public Expr step(int octet) {
        if (left < 0) {
            return octet == '\n' ? new Space(INDENTATION) : octet == ' ' ? EMPTY : NONE;
        }
        if (octet != ' ' && octet != '\t') {
            return NONE;
        }
        return left == 1 ? EMPTY : new Space(left - 1);
    }
}
