package io.rackmark.engine.decoder.grammar;

/**
 * Optional white space, of bounded length because a model that has lost its way writes it for ever.
 *
 * @param left bytes that may still come, at least 1
 */
record Space(int left) implements Expr {
    /** Room for a line break and the indentation of a few levels. */
    static final Expr ANY = new Space(20);

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public Expr step(int octet) {
        if (octet != ' ' && octet != '\n' && octet != '\t' && octet != '\r') {
            return NONE;
        }
        return left == 1 ? EMPTY : new Space(left - 1);
    }
}
