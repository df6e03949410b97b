package io.rackmark.engine.decoder;

import java.util.Arrays;

/** The ids that end a turn. */
record EndTokens(int[] ids) {
    static final EndTokens NONE = new EndTokens(new int[0]);

    boolean contains(int token) {
        for (int id : ids) {
            if (id == token) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EndTokens that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
