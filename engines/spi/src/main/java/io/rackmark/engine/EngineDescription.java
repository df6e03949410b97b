package io.rackmark.engine;

import java.util.List;
import java.util.Set;

/**
 * What an engine is, as data.
 *
 * @param id lower-case name used in plans and results, such as {@code llamacpp}
 * @param title name for people, such as {@code llama.cpp}
 * @param help one paragraph: what it runs on and where its native library comes from
 * @param formats model forms it loads
 * @param precisions weight precisions it loads, in order of preference
 * @param usualPrecisions those a run takes when the plan names none; among {@code precisions}
 * @param options every option it takes
 */
public record EngineDescription(
        String id,
        String title,
        String help,
        Set<ModelFormat> formats,
        List<Precision> precisions,
        List<Precision> usualPrecisions,
        List<OptionSpec> options) {

    public EngineDescription {
        if (!id.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("engine id must match [a-z][a-z0-9-]*: " + id);
        }
        formats = Set.copyOf(formats);
        precisions = List.copyOf(precisions);
        usualPrecisions = List.copyOf(usualPrecisions);
        if (!precisions.containsAll(usualPrecisions)) {
            throw new IllegalArgumentException(
                    "usual precisions %s must be among %s".formatted(usualPrecisions, precisions));
        }
        options = List.copyOf(options);
    }
}
