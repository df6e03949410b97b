package io.rackmark.data;

import java.time.Duration;

/**
 * Caps on one execution.
 *
 * @param wallTime from preparing the statement to its last row
 * @param maxRows rows a result may have
 * @param maxResultBytes estimated memory of all cells of a result
 */
public record SqlLimits(Duration wallTime, int maxRows, long maxResultBytes) {
    /** 10 s, 10 000 rows, 16 MiB: no question of the sets comes near, and a mistake ends soon. */
    public static final SqlLimits DEFAULT =
            new SqlLimits(Duration.ofSeconds(10), 10_000, 16L << 20);

    public SqlLimits {
        if (wallTime.isNegative() || wallTime.isZero() || maxRows < 1 || maxResultBytes < 1) {
            throw new IllegalArgumentException("Every cap must be positive");
        }
    }
}
