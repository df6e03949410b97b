package io.rackmark.engine.worker;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param code as {@link Process#exitValue()} gives it: 128 + n for signal n
 * @param signal name of the signal behind it; null when there was none
 */
record ExitStatus(int code, @Nullable String signal) {
    /** What a JVM exits with under {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    private static final Map<Integer, String> SIGNALS =
            Map.of(
                    1, "SIGHUP",
                    2, "SIGINT",
                    4, "SIGILL",
                    6, "SIGABRT",
                    7, "SIGBUS",
                    8, "SIGFPE",
                    9, "SIGKILL",
                    11, "SIGSEGV",
                    13, "SIGPIPE",
                    15, "SIGTERM");
    private static final Pattern FATAL = Pattern.compile("#\\s+(SIG[A-Z]{2,6}) \\(0x");

    /**
     * Reads the exit code and the first lines of a crash report: after writing one, a JVM ends with
     * SIGABRT, or with exit code 1 when core dumps are off, whatever the fatal signal was.
     */
    static ExitStatus of(int code, List<String> log) {
        String signal =
                code > 128 && code <= 128 + 64
                        ? SIGNALS.getOrDefault(code - 128, "signal " + (code - 128))
                        : null;
        if (code != 1 && !"SIGABRT".equals(signal)) {
            return new ExitStatus(code, signal);
        }
        return new ExitStatus(
                code,
                log.stream()
                        .map(FATAL::matcher)
                        .filter(Matcher::find)
                        .map(line -> line.group(1))
                        .findFirst()
                        .orElse(signal));
    }

    /** For messages: {@code ended by SIGSEGV (exit code 134)}. */
    String words() {
        return signal == null
                ? "ended with exit code " + code
                : "ended by %s (exit code %d)".formatted(signal, code);
    }
}
