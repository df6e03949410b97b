package io.rackmark.runner.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills placeholders such as {@code {port}}, in one pass: a value that looks like a placeholder
 * stays what it is.
 */
record Words(Map<String, Object> values) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    String fill(String word) {
        return PLACEHOLDER
                .matcher(word)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        values.getOrDefault(found.group(1), found.group())
                                                .toString()));
    }

    List<String> fill(List<String> words) {
        return words.stream().map(this::fill).toList();
    }

    /** A tree of maps, lists and scalars; a text that is one placeholder becomes its value. */
    Object tree(Object node) {
        return switch (node) {
            case Map<?, ?> map -> {
                Map<String, Object> filled = new LinkedHashMap<>();
                map.forEach((key, value) -> filled.put(key.toString(), tree(value)));
                yield filled;
            }
            case List<?> list -> list.stream().map(this::tree).toList();
            case String text -> {
                Matcher whole = PLACEHOLDER.matcher(text);
                yield whole.matches() && values.containsKey(whole.group(1))
                        ? Objects.requireNonNull(values.get(whole.group(1)))
                        : fill(text);
            }
            default -> node;
        };
    }
}
