package io.rackmark.data;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON or YAML value that remembers its line, 1 for the first. */
sealed interface LocatedNode {
    int line();

    /** A scalar; {@code value} is a String, Long, Double, Boolean or null. */
    record Scalar(int line, @Nullable Object value) implements LocatedNode {}

    record Sequence(int line, List<LocatedNode> items) implements LocatedNode {}

    record Mapping(int line, List<Entry> entries) implements LocatedNode {
        Optional<LocatedNode> get(String key) {
            return entries.stream().filter(e -> e.key.equals(key)).map(Entry::value).findFirst();
        }
    }

    /** One key of a mapping with its own line. */
    record Entry(int line, String key, LocatedNode value) {}
}
