package io.rackmark.runner.run;

import io.rackmark.runner.plan.SchedulePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;

/**
 * When the probes of a run are due, and which of them is next. A probe whose time has passed is run
 * as soon as possible; of several such only the first: the others are dropped, never bunched up.
 *
 * @param start when the first is due
 * @param every from one to the next
 * @param probes how many there are
 */
record ProbeSchedule(Instant start, Duration every, int probes) {

    static ProbeSchedule of(Instant start, SchedulePlan plan) {
        return new ProbeSchedule(start, Duration.ofSeconds(plan.everySeconds()), plan.probes());
    }

    /**
     * @param probe from 1
     */
    Instant due(int probe) {
        return start.plus(every.multipliedBy(probe - 1L));
    }

    /**
     * What happens next.
     *
     * @param probe is run, when it is due
     * @param dropped will not be run
     */
    record Step(int probe, List<Integer> dropped) {
        Step {
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * @param pending probes that are not done, at least one
     */
    Step next(Instant now, SortedSet<Integer> pending) {
        int first = pending.getFirst();
        return new Step(
                first,
                pending.tailSet(first + 1).stream()
                        .takeWhile(probe -> !due(probe).isAfter(now))
                        .toList());
    }
}
