package io.rackmark.runner.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses the tables a question seems to need, and those that join them. */
final class SchemaTrim {
    /** Fewer matches than this say too little about the question to hide anything. */
    private static final int FEWEST_MATCHES = 2;

    private static final int SHORTEST_STEM = 3;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern PART =
            Pattern.compile("\\p{Lu}+(?!\\p{Ll})|\\p{Lu}?\\p{Ll}+|\\p{Lo}+|\\p{N}+");
    private static final Map<String, String> IRREGULAR =
            Map.of("people", "person", "children", "child", "men", "man", "women", "woman");

    /**
     * A table and what it refers to.
     *
     * @param name as the schema spells it
     * @param references tables its foreign keys point to
     */
    record Table(String name, Set<String> references) {
        Table {
            references = Set.copyOf(references);
        }
    }

    private final Map<String, Set<String>> neighbours = new LinkedHashMap<>();

    SchemaTrim(Collection<Table> tables) {
        tables.forEach(table -> neighbours.put(table.name(), new LinkedHashSet<>()));
        for (Table table : tables) {
            for (String target : table.references()) {
                // A foreign key may name a table that does not exist.
                if (neighbours.containsKey(target)) {
                    neighboursOf(table.name()).add(target);
                    neighboursOf(target).add(table.name());
                }
            }
        }
    }

    /** Names of the tables to show; all of them when fewer than two match the question. */
    Set<String> choose(String question) {
        Set<String> words = stems(words(WORD, question));
        List<String> matched =
                neighbours.keySet().stream().filter(name -> matches(name, words)).toList();
        return matched.size() < FEWEST_MATCHES
                ? Collections.unmodifiableSet(neighbours.keySet())
                : connected(matched);
    }

    private static boolean matches(String table, Set<String> questionStems) {
        List<String> names = words(PART, table);
        names.removeIf(part -> part.length() < SHORTEST_STEM);
        names.add(table.toLowerCase(Locale.ROOT));
        return !Collections.disjoint(stems(names), questionStems);
    }

    /** Grows one group from the first match: the nearest match outside joins by its path. */
    private Set<String> connected(List<String> matched) {
        Set<String> group = new LinkedHashSet<>();
        Deque<String> waiting = new ArrayDeque<>(matched);
        while (!waiting.isEmpty()) {
            List<String> path = pathToNearest(group, waiting);
            // No foreign key leads there: it stands alone.
            group.addAll(path.isEmpty() ? List.of(waiting.getFirst()) : path);
            waiting.removeAll(group);
        }
        return group;
    }

    private List<String> pathToNearest(Set<String> group, Collection<String> goals) {
        Map<String, String> cameFrom = new HashMap<>();
        Set<String> seen = new HashSet<>(group);
        Deque<String> queue = new ArrayDeque<>(group);
        while (!queue.isEmpty()) {
            String table = queue.removeFirst();
            if (goals.contains(table)) {
                return pathBack(table, cameFrom);
            }
            for (String next : neighboursOf(table)) {
                if (seen.add(next)) {
                    cameFrom.put(next, table);
                    queue.addLast(next);
                }
            }
        }
        return List.of();
    }

    private static List<String> pathBack(String end, Map<String, String> cameFrom) {
        List<String> path = new ArrayList<>();
        for (@Nullable String at = end; at != null; at = cameFrom.get(at)) {
            path.add(at);
        }
        return path;
    }

    private Set<String> neighboursOf(String table) {
        return neighbours.getOrDefault(table, Set.of());
    }

    private static List<String> words(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /** Each word with every singular it may be the plural of; equal stems mean equal words. */
    private static Set<String> stems(List<String> words) {
        Set<String> stems = new HashSet<>();
        for (String word : words) {
            stems.add(IRREGULAR.getOrDefault(word, word));
            addStem(stems, word, "s", "");
            addStem(stems, word, "es", "");
            addStem(stems, word, "ies", "y");
        }
        return stems;
    }

    private static void addStem(Set<String> stems, String word, String ending, String singular) {
        if (word.endsWith(ending) && word.length() >= SHORTEST_STEM + ending.length()) {
            stems.add(word.substring(0, word.length() - ending.length()) + singular);
        }
    }
}
