package io.rackmark.runner.run;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Ids of runs: sortable by time, short enough to type, told apart by four random digits. */
final class RunIds {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private RunIds() {}

    static String next() {
        return "%s-%04x".formatted(TIME.format(Instant.now()), RANDOM.nextInt(1 << 16));
    }
}
