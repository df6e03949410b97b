package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.util.List;

/**
 * Finds stop strings in growing text. The stop that ends first wins, and of those the longest, so
 * that the outcome does not depend on how the text is cut into tokens. Text that may begin a stop
 * is held back until that is known.
 */
final class StopMatcher {
    private final List<String> stops;
    private String held = "";
    private boolean matched;

    StopMatcher(List<String> stops) {
        if (stops.contains("")) {
            throw new EngineException(
                    Kind.BAD_REQUEST, "a stop string is empty: leave it out or give it text");
        }
        this.stops = stops;
    }

    /** Adds text; returns what can be shown now. Nothing is shown after a match. */
    String add(String text) {
        if (stops.isEmpty() || matched) {
            return matched ? "" : text;
        }
        String pending = held + text;
        int from = held.length();
        for (int end = from + 1; end <= pending.length(); end++) {
            int start = longestStopEndingAt(pending, end);
            if (start >= 0) {
                matched = true;
                held = "";
                return pending.substring(0, start);
            }
        }
        int keep = heldFrom(pending);
        held = pending.substring(keep);
        return pending.substring(0, keep);
    }

    /** The text held back, when no more will come. */
    String flush() {
        String rest = held;
        held = "";
        return rest;
    }

    boolean matched() {
        return matched;
    }

    private int longestStopEndingAt(String pending, int end) {
        int longest = -1;
        for (String stop : stops) {
            int start = end - stop.length();
            if (start >= 0 && pending.startsWith(stop, start) && (longest < 0 || start < longest)) {
                longest = start;
            }
        }
        return longest;
    }

    /** Where the longest tail begins that a stop may begin with. */
    private int heldFrom(String pending) {
        int longest = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
        for (int start = Math.max(0, pending.length() - longest);
                start < pending.length();
                start++) {
            for (String stop : stops) {
                if (stop.startsWith(pending.substring(start))) {
                    return start;
                }
            }
        }
        return pending.length();
    }
}
