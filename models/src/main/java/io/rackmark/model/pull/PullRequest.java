package io.rackmark.model.pull;

import io.rackmark.model.ModelId;
import java.util.List;

/**
 * What to fetch.
 *
 * @param includes patterns of files beyond those that a checkpoint needs
 * @param parallel files at the same time
 */
public record PullRequest(ModelId id, List<String> includes, int parallel) {
    /** Enough for one line to be full, few enough for a hub to be content. */
    public static final int USUAL_PARALLEL = 4;

    /** More are refused: hubs answer with 429 long before. */
    public static final int MOST_PARALLEL = 16;

    public PullRequest {
        includes = List.copyOf(includes);
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException(
                    "%d files at the same time: 1 to %d are possible"
                            .formatted(parallel, MOST_PARALLEL));
        }
    }

    /** The usual files of this model. */
    public static PullRequest of(ModelId id) {
        return new PullRequest(id, List.of(), USUAL_PARALLEL);
    }
}
