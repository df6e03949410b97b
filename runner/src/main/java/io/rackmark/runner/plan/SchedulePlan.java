package io.rackmark.runner.plan;

/**
 * A run that is spread over the day: its repeats are probes, due one after another in equal
 * intervals.
 *
 * @param everySeconds from one probe to the next, in seconds
 * @param forSeconds how long probes become due, in seconds
 */
public record SchedulePlan(int everySeconds, int forSeconds) {

    /** As many as a workload may have repeats. */
    public static final int MOST_PROBES = 1000;

    public SchedulePlan {
        if (everySeconds < 1 || forSeconds < everySeconds) {
            throw new IllegalArgumentException(
                    "a schedule needs an interval of a second or more, and a time that is not"
                            + " shorter");
        }
        if (probes(everySeconds, forSeconds) > MOST_PROBES) {
            throw new IllegalArgumentException(
                    "the schedule has %d probes; at most %d"
                            .formatted(probes(everySeconds, forSeconds), MOST_PROBES));
        }
    }

    /** How many become due: one at the beginning, the last before the time is over. */
    public int probes() {
        return probes(everySeconds, forSeconds);
    }

    private static int probes(int every, int length) {
        return Math.ceilDiv(length, every);
    }
}
