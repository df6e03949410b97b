package io.rackmark.model;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that a mistyped one may have meant. */
final class NearNames {
    private static final int MOST = 5;

    private NearNames() {}

    /** The nearest names first; empty when none is near. */
    static List<String> of(String typed, List<String> names) {
        String wanted = plain(typed);
        // A third of the letters may be wrong; more is another name.
        int allowed = Math.max(1, wanted.length() / 3);
        return names.stream()
                .filter(name -> distance(wanted, plain(name)) <= allowed)
                .sorted(Comparator.comparingInt(name -> distance(wanted, plain(name))))
                .limit(MOST)
                .toList();
    }

    /** Without what is written this way here and that way there. */
    private static String plain(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        return last.toLowerCase(Locale.ROOT)
                .replaceAll("-(instruct|chat|it)\\b.*", "")
                .replaceAll("[^a-z0-9.]", "");
    }

    /** Levenshtein (1966); zero when one begins with the other and is long enough to tell. */
    private static int distance(String a, String b) {
        if (Math.min(a.length(), b.length()) > 3 && (b.startsWith(a) || a.startsWith(b))) {
            return 0;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
