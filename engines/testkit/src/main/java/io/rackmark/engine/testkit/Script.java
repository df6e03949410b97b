package io.rackmark.engine.testkit;

import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionSpec.Kind;
import io.rackmark.engine.OptionValues;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@link ScriptedEngine} does.
 *
 * @param load time that loading takes
 * @param prefill time from a free slot, or from the end of the fill, to the first token
 * @param fill time per token that only fills the KV cache
 * @param interval time from token to token
 * @param tokens text of each token before the end of turn
 * @param crashAt token, from 1, before which the process dies by SIGSEGV; 0 is never
 * @param haltAt token before which the process exits with status 3; 0 is never
 * @param hangAt token before which the engine never returns; 0 is never
 * @param outOfMemoryAt token before which an OutOfMemoryError is thrown; 0 is never
 * @param stamps whether a token's text is the {@link System#nanoTime()} of its release and a space
 */
record Script(
        Duration load,
        Duration prefill,
        Duration fill,
        Duration interval,
        List<String> tokens,
        int crashAt,
        int haltAt,
        int hangAt,
        int outOfMemoryAt,
        boolean stamps) {
    private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*$|\\s*\\S+");
    private static final String GARBAGE =
            "\uFFFD\u0000 }{ \u001b[31m ]\"\\ \u202E nul \uD83D\uDE00";

    static final List<OptionSpec> OPTIONS =
            List.of(
                    count("load-ms", "0", "Milliseconds that loading takes."),
                    count("prefill-ms", "0", "Milliseconds from a free slot to the first token."),
                    count("fill-us", "0", "Microseconds per token that only fills the cache."),
                    count("token-ms", "0", "Milliseconds from token to token."),
                    count("tokens", "16", "Tokens before the end of turn, without an answer."),
                    new OptionSpec(
                            "answer", Kind.TEXT, null, "The text generated, a word per token."),
                    count("crash-at-token", "0", "Token before which the process gets SIGSEGV."),
                    count("halt-at-token", "0", "Token before which the process exits with 3."),
                    count("hang-at-token", "0", "Token before which the engine hangs."),
                    count("oom-at-token", "0", "Token before which memory runs out."),
                    new OptionSpec(
                            "garbage",
                            Kind.SWITCH,
                            "false",
                            "Whether the answer is control characters and broken JSON."),
                    new OptionSpec(
                            "stamps",
                            Kind.SWITCH,
                            "false",
                            "Whether each token's text is the System.nanoTime() of its release."));

    Script {
        tokens = List.copyOf(tokens);
    }

    static Script of(OptionValues options) {
        return new Script(
                Duration.ofMillis(options.count("load-ms", 0)),
                Duration.ofMillis(options.count("prefill-ms", 0)),
                Duration.of(options.count("fill-us", 0), ChronoUnit.MICROS),
                Duration.ofMillis(options.count("token-ms", 0)),
                tokens(options),
                options.count("crash-at-token", 0),
                options.count("halt-at-token", 0),
                options.count("hang-at-token", 0),
                options.count("oom-at-token", 0),
                options.on("stamps"));
    }

    private static OptionSpec count(String name, String value, String help) {
        return new OptionSpec(name, Kind.COUNT, value, help);
    }

    private static List<String> tokens(OptionValues options) {
        if (options.on("garbage")) {
            return words(GARBAGE);
        }
        return options.text("answer")
                .map(Script::words)
                .orElseGet(() -> numbered(options.count("tokens", 16)));
    }

    private static List<String> numbered(int count) {
        List<String> tokens = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            tokens.add("t" + i + " ");
        }
        return tokens;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
