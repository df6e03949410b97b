package io.rackmark.engine.remote;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one JSON object of an answer adds.
 *
 * @param answer text of the answer; empty when there is none
 * @param reasoning text before the answer; empty when there is none
 * @param finish why the answer ends; null when it goes on
 * @param usage token counts; null when there are none
 * @param error the server's own account of a failure; null when there is none
 * @param model name of the model; null when not told
 */
record Delta(
        String answer,
        String reasoning,
        @Nullable String finish,
        @Nullable Usage usage,
        @Nullable JsonNode error,
        @Nullable String model) {}
