package io.rackmark.runner.result;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan.
 *
 * @param id sortable by time and unique: {@code 20261123-221500-3f9a}
 * @param metricsVersion version of the metric definitions its figures follow
 * @param rackmarkVersion product version that ran it
 * @param started wall-clock start, UTC; the only wall-clock stamp besides {@code ended}
 * @param ended wall-clock end; null while running or when interrupted
 * @param state how far it came
 * @param plan the whole plan as JSON, defaults filled in
 * @param systems what was measured, in table order
 * @param environment the machine it ran on
 * @param flags cautions that hold for the whole run
 */
public record RunRecord(
        String id,
        int metricsVersion,
        String rackmarkVersion,
        Instant started,
        @Nullable Instant ended,
        State state,
        String plan,
        List<SystemUnderTest> systems,
        Environment environment,
        List<Flag> flags) {

    public enum State {
        RUNNING,
        DONE,
        INTERRUPTED
    }

    public RunRecord {
        systems = List.copyOf(systems);
        flags = List.copyOf(flags);
    }
}
