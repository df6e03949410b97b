package io.rackmark.runner.result;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The label of a measured request of the speed workload: {@code pp512-tg64-1} is the first round of
 * 512 tokens in and 64 out, {@code pp512@d1024-tg64x4-1.3} the third of four streams at depth 1024.
 *
 * @param round from 1
 * @param stream from 1
 */
public record SpeedLabel(SpeedCase point, int round, int stream) {
    private static final Pattern FORM =
            Pattern.compile(
                    "pp(\\d{1,9})(?:@d(\\d{1,9}))?-tg(\\d{1,9})(?:x(\\d{1,9}))?"
                            + "-(\\d{1,9})(?:\\.(\\d{1,9}))?");

    /** Reads a label; empty for one of another form, such as that of a warm-up. */
    public static Optional<SpeedLabel> of(String label) {
        Matcher matcher = FORM.matcher(label);
        return matcher.matches()
                ? Optional.of(
                        new SpeedLabel(
                                new SpeedCase(
                                        number(matcher, 1, 0),
                                        number(matcher, 2, 0),
                                        number(matcher, 3, 0),
                                        number(matcher, 4, 1)),
                                number(matcher, 5, 1),
                                number(matcher, 6, 1)))
                : Optional.empty();
    }

    private static int number(Matcher matcher, int group, int unset) {
        return matcher.group(group) == null ? unset : Integer.parseInt(matcher.group(group));
    }

    @Override
    public String toString() {
        return "pp%d%s-tg%d%s-%d%s"
                .formatted(
                        point.promptTokens(),
                        point.depth() == 0 ? "" : "@d" + point.depth(),
                        point.outputTokens(),
                        point.streams() == 1 ? "" : "x" + point.streams(),
                        round,
                        point.streams() == 1 ? "" : "." + stream);
    }
}
