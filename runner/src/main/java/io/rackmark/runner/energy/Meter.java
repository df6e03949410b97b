package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that tells energy or power. Read by one thread at a time; closing frees what it holds.
 */
public interface Meter extends AutoCloseable {

    /** What it tells, always in this order. */
    List<EnergyChannel> channels();

    /**
     * One value per channel; null where there is none now. Never throws: a reading that fails is
     * missing, and too many missing ones invalidate the figure.
     *
     * @param workerPid process under test; negative when there is none
     */
    List<@Nullable Long> read(long workerPid);

    /** Time between two readings: often enough for 3 s gaps, seldom enough not to be felt. */
    default Duration period() {
        return Duration.ofMillis(100);
    }

    @Override
    default void close() {}
}
