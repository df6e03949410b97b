package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StopMatcherTest {

    @Test
    void onlyWhatMayBeginAStopIsHeldBack() {
        StopMatcher matcher = new StopMatcher(List.of("```\n"));
        assertThat(matcher.add("SELECT 1 ")).isEqualTo("SELECT 1 ");
        assertThat(matcher.add("a``")).isEqualTo("a");
        assertThat(matcher.add("b")).isEqualTo("``b");
        assertThat(matcher.add("```")).isEmpty();
        assertThat(matcher.add("\nmore")).isEmpty();
        assertThat(matcher.matched()).isTrue();
    }

    @Test
    void heldTextComesOutAtTheEnd() {
        StopMatcher matcher = new StopMatcher(List.of("END"));
        assertThat(matcher.add("the EN")).isEqualTo("the ");
        assertThat(matcher.flush()).isEqualTo("EN");
        assertThat(matcher.matched()).isFalse();
    }

    @Test
    void outcomeDoesNotDependOnTheCuts() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            String text = letters(random, 14);
            List<String> stops = List.of(letters(random, 3), letters(random, 4));
            assertThat(cut(text, stops, random)).isEqualTo(whole(text, stops));
        }
    }

    @Test
    void emptyStopIsRefused() {
        assertThatThrownBy(() -> new StopMatcher(List.of("a", "")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("stop string is empty");
    }

    private static String cut(String text, List<String> stops, Random random) {
        StopMatcher matcher = new StopMatcher(stops);
        StringBuilder shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && !matcher.matched()) {
            int next = Math.min(text.length(), at + 1 + random.nextInt(4));
            shown.append(matcher.add(text.substring(at, next)));
            at = next;
        }
        return shown + (matcher.matched() ? "" : matcher.flush());
    }

    /** The text before the stop that ends first, and of those the longest. */
    private static String whole(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String best = null;
            for (String stop : stops) {
                boolean here = text.substring(0, end).endsWith(stop);
                if (here && (best == null || stop.length() > best.length())) {
                    best = stop;
                }
            }
            if (best != null) {
                return text.substring(0, end - best.length());
            }
        }
        return text;
    }

    private static String letters(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(most); i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }
}
