package io.rackmark.engine.decoder.grammar;

import org.jspecify.annotations.Nullable;

/** A named part of a schema, which may contain itself. Compared by identity. */
final class Reference implements Expr {
    private @Nullable Expr target;

    void become(Expr value) {
        target = value;
    }

    Expr target() {
        if (target == null) {
            throw new IllegalStateException("the reference is not resolved yet");
        }
        return target;
    }

    @Override
    public boolean nullable() {
        return false; // as no JSON value is empty
    }

    @Override
    public Expr step(int octet) {
        return target().step(octet);
    }
}
