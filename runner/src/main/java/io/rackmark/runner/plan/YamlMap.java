package io.rackmark.runner.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML mapping that is read key by key and collects what is wrong, with line and column. A faulty
 * value reads as its default so that the reading goes on.
 */
final class YamlMap {
    private final String file;
    private final String path;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final List<String> faults;
    private final Node whole;

    YamlMap(String file, String path, Node node, Set<String> known, List<String> faults) {
        this.file = file;
        this.path = path;
        this.faults = faults;
        this.whole = node;
        if (!(node instanceof MappingNode mapping)) {
            fault(node, path + " must be a mapping of keys to values");
            return;
        }
        mapping.getValue()
                .forEach(
                        entry -> {
                            String key =
                                    entry.getKeyNode() instanceof ScalarNode scalar
                                            ? scalar.getValue()
                                            : "?";
                            if (!known.contains(key)) {
                                fault(
                                        entry.getKeyNode(),
                                        "unknown key '%s' in %s; known: %s"
                                                .formatted(
                                                        key,
                                                        path,
                                                        known.stream()
                                                                .sorted()
                                                                .collect(
                                                                        Collectors.joining(", "))));
                            } else if (values.put(key, entry.getValueNode()) != null) {
                                fault(entry.getKeyNode(), "key '" + key + "' stands twice");
                            }
                        });
    }

    String text(String key, String unset) {
        Node node = values.get(key);
        if (node == null) {
            return unset;
        }
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        fault(node, name(key) + " must be text");
        return unset;
    }

    /**
     * A text of a form of its own; empty when it is not there or not of that form.
     *
     * @param form for the message
     */
    <T> Optional<T> parsed(String key, Function<String, Optional<T>> parser, String form) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        Optional<T> value =
                node instanceof ScalarNode scalar
                        ? parser.apply(scalar.getValue())
                        : Optional.empty();
        if (value.isEmpty()) {
            fault(node, "%s must be %s".formatted(name(key), form));
        }
        return value;
    }

    /** One of the allowed texts. */
    String choice(String key, String unset, List<String> allowed) {
        String value = text(key, unset);
        if (!allowed.contains(value)) {
            fault(
                    values.get(key),
                    "%s is '%s'; known: %s"
                            .formatted(name(key), value, String.join(", ", allowed)));
            return unset;
        }
        return value;
    }

    int count(String key, int unset, int least, int most) {
        Node node = values.get(key);
        if (node == null) {
            return unset;
        }
        if (node instanceof ScalarNode scalar && scalar.getValue().matches("\\d{1,9}")) {
            int value = Integer.parseInt(scalar.getValue());
            if (value >= least && value <= most) {
                return value;
            }
        }
        fault(node, "%s must be a whole number from %d to %d".formatted(name(key), least, most));
        return unset;
    }

    /** A whole number or a list of them, in the order given. */
    List<Integer> counts(String key, List<Integer> unset, int least, int most) {
        Node node = values.get(key);
        if (node == null) {
            return unset;
        }
        List<Integer> counts = new ArrayList<>();
        for (Node item : node instanceof SequenceNode list ? list.getValue() : List.of(node)) {
            int value =
                    item instanceof ScalarNode scalar && scalar.getValue().matches("\\d{1,9}")
                            ? Integer.parseInt(scalar.getValue())
                            : -1;
            if (value >= least && value <= most) {
                counts.add(value);
            } else {
                fault(
                        item,
                        "%s must be a whole number from %d to %d, or a list of them"
                                .formatted(name(key), least, most));
            }
        }
        return counts.isEmpty() ? unset : counts;
    }

    boolean on(String key, boolean unset) {
        Node node = values.get(key);
        if (node == null) {
            return unset;
        }
        if (node instanceof ScalarNode scalar && scalar.getValue().matches("true|false")) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        fault(node, name(key) + " must be true or false");
        return unset;
    }

    /** A text or a list of texts. */
    List<String> texts(String key) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Node item : node instanceof SequenceNode list ? list.getValue() : List.of(node)) {
            if (item instanceof ScalarNode scalar) {
                texts.add(scalar.getValue());
            } else {
                fault(item, name(key) + " must be a text or a list of texts");
            }
        }
        return texts;
    }

    Map<String, String> textMap(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        Node node = values.get(key);
        if (node instanceof MappingNode mapping) {
            mapping.getValue()
                    .forEach(
                            entry -> {
                                if (entry.getKeyNode() instanceof ScalarNode name
                                        && entry.getValueNode() instanceof ScalarNode value) {
                                    map.put(name.getValue(), value.getValue());
                                } else {
                                    fault(entry.getKeyNode(), name(key) + " maps names to texts");
                                }
                            });
        } else if (node != null) {
            fault(node, name(key) + " must map names to values");
        }
        return map;
    }

    List<YamlMap> maps(String key, Set<String> known) {
        List<YamlMap> maps = new ArrayList<>();
        Node node = values.get(key);
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                String itemPath = "%s[%d]".formatted(name(key), maps.size());
                maps.add(new YamlMap(file, itemPath, item, known, faults));
            }
        } else if (node != null) {
            fault(node, name(key) + " must be a list");
        }
        return maps;
    }

    Optional<YamlMap> map(String key, Set<String> known) {
        return Optional.ofNullable(values.get(key))
                .map(node -> new YamlMap(file, name(key), node, known, faults));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** These keys must not be there. */
    void refuse(List<String> keys, String why) {
        keys.stream()
                .filter(this::has)
                .forEach(key -> fault(values.get(key), name(key) + " " + why));
    }

    /** Something about the mapping as a whole. */
    void fault(String message) {
        fault(whole, message);
    }

    private String name(String key) {
        return path.equals("the plan") ? key : path + "." + key;
    }

    private void fault(@org.jspecify.annotations.Nullable Node node, String message) {
        Optional<Mark> mark = node == null ? Optional.empty() : node.getStartMark();
        faults.add(
                mark.map(m -> "%s:%d:%d: ".formatted(file, m.getLine() + 1, m.getColumn() + 1))
                                .orElse(file + ": ")
                        + message);
    }
}
