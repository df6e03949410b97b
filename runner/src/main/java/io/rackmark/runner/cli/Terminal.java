package io.rackmark.runner.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** The terminal: whether there is one, and text that cannot take it over. */
final class Terminal {
    private Terminal() {}

    /** Whether a person watches. */
    @SuppressWarnings("SystemConsoleNull") // null with -Djdk.console=java.base and no terminal
    static boolean interactive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** What a person types in answer; empty without a terminal or at its end. */
    @SuppressWarnings("SystemConsoleNull")
    static String answer(String question) {
        Console console = System.console();
        @Nullable String line = console == null ? null : console.readLine("%s", question);
        return line == null ? "" : line;
    }

    /**
     * Text by a model or a database without control characters, so that it cannot move the cursor,
     * set the title or hide what follows.
     */
    static String safe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c ->
                                safe.appendCodePoint(
                                        c == '\n' || c == '\t' || printable(c) ? c : 0xFFFD));
        return safe.toString();
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
