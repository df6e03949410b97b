package io.rackmark.engine.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** The wait a server asks for: RFC 9110's Retry-After, or its common cousin in milliseconds. */
final class RetryAfter {
    private RetryAfter() {}

    /** Null when the server named none, or none that can be read. */
    static @Nullable Duration of(Headers headers, Instant now) {
        @Nullable String millis = headers.get("retry-after-ms");
        if (millis != null && millis.matches("\\d{1,9}")) {
            return Duration.ofMillis(Long.parseLong(millis));
        }
        @Nullable String value = headers.get("Retry-After");
        if (value == null) {
            return null;
        }
        if (value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Duration.ofMillis((long) (Double.parseDouble(value) * 1000));
        }
        try {
            Instant until =
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration wait = Duration.between(now, until);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
