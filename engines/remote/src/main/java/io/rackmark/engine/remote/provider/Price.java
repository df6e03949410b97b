package io.rackmark.engine.remote.provider;

import io.rackmark.engine.remote.Usage;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * List price in US dollars per million tokens. A price that is not known is no {@code Price}, never
 * 0.
 *
 * @param input uncached prompt tokens
 * @param cachedInput cached prompt tokens; null charges them as uncached ones
 * @param output output tokens, reasoning included
 * @param asOf day on which the price was read
 * @param source where it was read
 */
public record Price(
        double input, @Nullable Double cachedInput, double output, LocalDate asOf, String source) {
    private static final double PER = 1e6;

    public Price {
        if (!(input >= 0) || !(output >= 0) || (cachedInput != null && !(cachedInput >= 0))) {
            throw new IllegalArgumentException("prices must be 0 or more");
        }
    }

    /**
     * Dollars for this usage; null when the server did not count. Without a count of cached tokens
     * none are taken to be cached.
     */
    public @Nullable Double dollars(@Nullable Usage usage) {
        if (usage == null) {
            return null;
        }
        Integer prompt = usage.promptTokens();
        Integer outputTokens = usage.outputTokens();
        if (prompt == null || outputTokens == null) {
            return null;
        }
        Integer told = usage.cachedTokens();
        int cached = told == null ? 0 : Math.min(told, prompt);
        double cachedPrice = cachedInput == null ? input : cachedInput;
        return ((prompt - cached) * input + cached * cachedPrice + outputTokens * output) / PER;
    }
}
