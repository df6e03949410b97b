package io.rackmark.runner.measure;

import java.util.Set;

/**
 * What an earlier, interrupted attempt at a cell has left.
 *
 * @param attempt number of this attempt, from 1
 * @param finished labels of measured requests and ids of questions that are stored
 */
public record Progress(int attempt, Set<String> finished) {
    public static final Progress NONE = new Progress(1, Set.of());

    public Progress {
        finished = Set.copyOf(finished);
    }
}
