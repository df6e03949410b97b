package io.rackmark.engine.decoder.grammar;

import java.util.List;

/**
 * The members of an object that a schema lists, in the order of the schema, to the object's end.
 *
 * @param all of the object; compared by identity
 * @param next the first that may still come
 * @param first whether none has come yet
 */
record Properties(Table all, int next, boolean first) implements Expr {

    /**
     * One member.
     *
     * @param name as JSON, quotes included
     * @param required whether it must come
     */
    record Property(String name, Expr value, boolean required) {}

    /** The list, which no two objects share. */
    static final class Table {
        private final List<Property> properties;

        Table(List<Property> properties) {
            this.properties = List.copyOf(properties);
        }
    }

    static Expr object(List<Property> properties) {
        return Expr.sequence(
                Expr.literal("{"), Space.ANY, new Properties(new Table(properties), 0, true));
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public Expr step(int octet) {
        if (first) {
            return Expr.either(member(octet), end().step(octet));
        }
        // White space before the brace; after the comma a member must come.
        Expr closed = Expr.then(Space.ANY, end()).step(octet);
        return octet == ',' && next < all.properties.size()
                ? Expr.either(closed, Expr.then(Space.ANY, new Further(this)))
                : closed;
    }

    /** The brace, unless a required member is missing. */
    private Expr end() {
        for (int i = next; i < all.properties.size(); i++) {
            if (all.properties.get(i).required()) {
                return NONE;
            }
        }
        return Expr.literal("}");
    }

    private Expr member(int octet) {
        Expr any = NONE;
        for (int i = next; i < all.properties.size(); i++) {
            Property property = all.properties.get(i);
            Expr one =
                    Expr.sequence(
                            Expr.literal(property.name()),
                            Expr.literal(":"),
                            Space.ONE,
                            property.value(),
                            new Properties(all, i + 1, false));
            any = Expr.either(any, one.step(octet));
            if (property.required()) {
                break;
            }
        }
        return any;
    }

    /** A member that must come, after a comma. */
    record Further(Properties from) implements Expr {
        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public Expr step(int octet) {
            return from.member(octet);
        }
    }
}
