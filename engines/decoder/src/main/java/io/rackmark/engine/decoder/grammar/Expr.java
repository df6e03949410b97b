package io.rackmark.engine.decoder.grammar;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set of byte strings. Immutable; equal expressions denote equal sets, so that an automaton can
 * tell its states apart. Every expression but {@link #NONE} holds at least one string: {@link
 * #then} and {@link #either} drop what holds none.
 */
interface Expr {
    /** No string at all. */
    Expr NONE = new Nothing(false);

    /** The empty string alone. */
    Expr EMPTY = new Nothing(true);

    /** The ends of the strings that begin with this byte, 0 to 255; {@link #NONE} if none does. */
    Expr step(int octet);

    /** Whether the empty string is in the set. */
    boolean nullable();

    /** The strings of {@code head} followed by those of {@code tail}. */
    static Expr then(Expr head, Expr tail) {
        if (head == NONE || tail == NONE) {
            return NONE;
        }
        if (head == EMPTY) {
            return tail;
        }
        if (tail == EMPTY) {
            return head;
        }
        // Leaning right, so that equal sequences are equal however they came about.
        return head instanceof Sequence(Expr first, Expr rest)
                ? new Sequence(first, then(rest, tail))
                : new Sequence(head, tail);
    }

    static Expr sequence(Expr... parts) {
        Expr all = EMPTY;
        for (int i = parts.length - 1; i >= 0; i--) {
            all = then(parts[i], all);
        }
        return all;
    }

    /** The strings of either. */
    static Expr either(Expr a, Expr b) {
        if (a == NONE || a.equals(b)) {
            return b;
        }
        if (b == NONE) {
            return a;
        }
        Set<Expr> all = new LinkedHashSet<>();
        add(a, all);
        add(b, all);
        return all.size() == 1 ? all.iterator().next() : new Choice(Set.copyOf(all));
    }

    private static void add(Expr expr, Set<Expr> to) {
        if (expr instanceof Choice(Set<Expr> options)) {
            to.addAll(options);
        } else {
            to.add(expr);
        }
    }

    /** The UTF-8 of a text. */
    static Expr literal(String text) {
        return text.isEmpty()
                ? EMPTY
                : new Literal(
                        new String(
                                text.getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1));
    }

    record Nothing(boolean nullable) implements Expr {
        @Override
        public Expr step(int octet) {
            return NONE;
        }
    }

    record Sequence(Expr head, Expr tail) implements Expr {
        @Override
        public Expr step(int octet) {
            Expr stepped = head.step(octet);
            Expr through = stepped == head ? this : then(stepped, tail);
            return head.nullable() ? either(through, tail.step(octet)) : through;
        }

        @Override
        public boolean nullable() {
            return head.nullable() && tail.nullable();
        }
    }

    record Choice(Set<Expr> options) implements Expr {
        @Override
        public Expr step(int octet) {
            Expr all = NONE;
            for (Expr option : options) {
                all = either(all, option.step(octet));
            }
            return all;
        }

        @Override
        public boolean nullable() {
            return options.stream().anyMatch(Expr::nullable);
        }
    }

    /**
     * One string.
     *
     * @param octets a character per byte
     */
    record Literal(String octets) implements Expr {
        @Override
        public Expr step(int octet) {
            if (octets.charAt(0) != octet) {
                return NONE;
            }
            return octets.length() == 1 ? EMPTY : new Literal(octets.substring(1));
        }

        @Override
        public boolean nullable() {
            return false;
        }
    }
}
