package io.rackmark.engine.decoder.grammar;

/** JSON of any shape (RFC 8259), nested as deep as every reader accepts. */
final class Json {
    /** Deep enough for any answer, and it keeps the automaton finite. */
    static final int DEPTH = 24;

    static final Expr STRING = Expr.sequence(Expr.literal("\""), Text.BODY);
    static final Expr NULL = Expr.literal("null");
    static final Expr BOOLEAN = Expr.either(Expr.literal("true"), Expr.literal("false"));
    static final Expr VALUE = new Value(DEPTH);
    static final Expr OBJECT = object(DEPTH);
    static final Expr ARRAY = array(VALUE);

    private Json() {}

    /** An array of any length. */
    static Expr array(Expr item) {
        return Expr.sequence(
                Expr.literal("["), Space.ANY, Expr.either(Expr.literal("]"), new Items(item)));
    }

    static Expr object(int depth) {
        return Expr.sequence(
                Expr.literal("{"), Space.ANY, Expr.either(Expr.literal("}"), new Members(depth)));
    }

    /** What follows an element: the end, or a comma and {@code more}. */
    static Expr endOr(String end, Expr more) {
        return Expr.either(
                Expr.then(Space.ANY, Expr.literal(end)),
                Expr.sequence(Expr.literal(","), Space.ANY, more));
    }

    /**
     * Any value.
     *
     * @param depth levels that it may still open
     */
    record Value(int depth) implements Expr {
        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public Expr step(int octet) {
            return switch (octet) {
                case '"' -> Text.BODY;
                case 't', 'f' -> BOOLEAN.step(octet);
                case 'n' -> NULL.step(octet);
                case '{' -> depth == 0 ? NONE : object(depth - 1).step(octet);
                case '[' -> depth == 0 ? NONE : array(new Value(depth - 1)).step(octet);
                default -> Digits.number(false).step(octet);
            };
        }
    }

    /** At least one element of an array, to its end. */
    record Items(Expr item) implements Expr {
        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public Expr step(int octet) {
            return Expr.then(item.step(octet), endOr("]", this));
        }
    }

    /** At least one member of an object with any names, to its end. */
    record Members(int depth) implements Expr {
        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public Expr step(int octet) {
            return octet == '"'
                    ? Expr.sequence(
                            Text.BODY,
                            Expr.literal(":"),
                            Space.ONE,
                            new Value(depth),
                            endOr("}", this))
                    : NONE;
        }
    }
}
