package io.rackmark.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A SQL text cut into words and marks by SQLite's lexical rules (sqlite.org/lang.html), comments
 * left out. It tells what kind of statement it is without running it.
 */
final class SqlText {
    private static final int MAX_CHARACTERS = 100_000;
    private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "EXPLAIN");
    private static final Set<String> BODIES =
            Set.of("SELECT", "VALUES", "INSERT", "UPDATE", "DELETE", "REPLACE");

    /**
     * load_extension is off anyway; the others are additions of the driver, unknown to SQLite, that
     * fill gigabytes in one step no interrupt reaches.
     */
    private static final Set<String> REFUSED_FUNCTIONS =
            Set.of("LOAD_EXTENSION", "REPLICATE", "PADL", "PADR", "PADC");

    /** A word in upper case or a single mark, with the number of brackets open around it. */
    private record Token(String text, int depth) {
        boolean is(String word) {
            return text.equals(word);
        }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int depth;

    private SqlText(String sql) {
        this.sql = sql;
        while (position < sql.length()) {
            readToken();
        }
    }

    /** Why this text may not run, or empty when it is exactly one query. */
    static Optional<String> refusal(String sql) {
        if (sql.isBlank()) {
            return Optional.of("The SQL is empty; write one SELECT statement.");
        }
        if (sql.length() > MAX_CHARACTERS) {
            return Optional.of("The SQL is longer than " + MAX_CHARACTERS + " characters.");
        }
        if (sql.indexOf('\0') >= 0) {
            return Optional.of("The SQL contains a NUL character.");
        }
        return new SqlText(sql).refusal();
    }

    /** Whether the outermost query is sorted, so that the order of its rows matters. */
    static boolean isOrdered(String sql) {
        List<Token> tokens = new SqlText(sql).tokens;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.depth == 0 && token.is("ORDER") && tokens.get(i + 1).is("BY")) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> refusal() {
        while (!tokens.isEmpty() && tokens.getLast().is(";")) {
            tokens.removeLast();
        }
        if (tokens.isEmpty()) {
            return Optional.of("The SQL has no statement; write one SELECT statement.");
        }
        if (tokens.stream().anyMatch(token -> token.is(";"))) {
            return Optional.of(
                    "The SQL has several statements; write exactly one SELECT statement.");
        }
        String first = tokens.getFirst().text;
        if (!QUERIES.contains(first)) {
            return Optional.of(
                    "Only queries are allowed, not " + first + "; write one SELECT statement.");
        }
        Optional<String> call = refusedCall();
        return call.isPresent() ? call : writes();
    }

    private Optional<String> refusedCall() {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            String name = tokens.get(i).text.replaceAll("^[\"`\\[]|[\"`\\]]$", "");
            if (REFUSED_FUNCTIONS.contains(name) && tokens.get(i + 1).is("(")) {
                return Optional.of("The function " + name + " is not allowed.");
            }
        }
        return Optional.empty();
    }

    /** WITH and EXPLAIN may stand before a statement that writes. */
    private Optional<String> writes() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            // REPLACE is also a function and may be a name.
            boolean into = i + 1 < tokens.size() && tokens.get(i + 1).is("INTO");
            boolean body = BODIES.contains(token.text) && (into || !token.is("REPLACE"));
            if (token.depth == 0 && body) {
                return token.is("SELECT") || token.is("VALUES")
                        ? Optional.empty()
                        : Optional.of("Only queries are allowed, not " + token.text + ".");
            }
        }
        return Optional.of("Only queries are allowed; write one SELECT statement.");
    }

    private void readToken() {
        char c = sql.charAt(position);
        if (Character.isWhitespace(c) || c == '\uFEFF') {
            position++;
        } else if (sql.startsWith("--", position)) {
            position = after("\n", position);
        } else if (sql.startsWith("/*", position)) {
            position = after("*/", position + 2);
        } else if (c == '\'' || c == '"' || c == '`') {
            readQuoted(c);
        } else if (c == '[') {
            addName(after("]", position));
        } else if (isWordPart(c)) {
            readWord();
        } else {
            readMark(c);
        }
    }

    /** A doubled quote is read as two strings side by side, which ends in the same place. */
    private void readQuoted(char quote) {
        int end = after(String.valueOf(quote), position + 1);
        if (quote == '\'') {
            add("'", end);
        } else {
            addName(end);
        }
    }

    /** A quoted name keeps its quotes, so that it is no keyword. */
    private void addName(int end) {
        add(sql.substring(position, end).toUpperCase(Locale.ROOT), end);
    }

    private void readWord() {
        int end = position;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
            end++;
        }
        add(sql.substring(position, end).toUpperCase(Locale.ROOT), end);
    }

    private void readMark(char c) {
        if (c == ')' && depth > 0) {
            depth--;
        }
        add(String.valueOf(c), position + 1);
        if (c == '(') {
            depth++;
        }
    }

    private void add(String text, int end) {
        tokens.add(new Token(text, depth));
        position = end;
    }

    /** The place behind the next occurrence, or the end: SQLite lets a comment run out there. */
    private int after(String mark, int from) {
        int found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found + mark.length();
    }

    private static boolean isWordPart(char c) {
        return c == '_' || c == '$' || c >= 0x80 || Character.isLetterOrDigit(c);
    }
}
