package io.rackmark.runner.plan;

import java.util.List;
import java.util.stream.Stream;

/** Nothing is wrong with the plan, but none of its systems can be asked here. */
public final class AllSkippedException extends PlanException {
    private static final long serialVersionUID = 1L;

    /**
     * @param skipped each system with what is missing
     */
    public AllSkippedException(List<String> skipped) {
        super(
                Stream.concat(
                                Stream.of(
                                        "nothing was measured: every system of the plan was"
                                                + " skipped"),
                                skipped.stream().map(reason -> "skipped: " + reason))
                        .toList());
    }
}
