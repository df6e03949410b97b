package io.rackmark.runner.agent;

import org.jspecify.annotations.Nullable;

/** What a response held. */
sealed interface Answer {

    /**
     * SQL was found.
     *
     * @param sql not blank
     * @param rationale the model's reason, or null when it gave none
     * @param honoured whether the response is one JSON object as asked for, taken as it stands
     */
    record Found(String sql, @Nullable String rationale, boolean honoured) implements Answer {}

    /** No JSON object with a non-empty string {@code sql} could be found. */
    record NotJson() implements Answer {}
}
