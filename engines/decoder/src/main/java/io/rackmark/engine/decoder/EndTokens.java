package io.rackmark.engine.decoder;

import java.util.Set;

/** The ids that end a turn. */
record EndTokens(Set<Integer> ids) {
    static final EndTokens NONE = new EndTokens(Set.of());

    EndTokens {
        ids = Set.copyOf(ids);
    }

    boolean contains(int token) {
        return ids.contains(token);
    }
}
