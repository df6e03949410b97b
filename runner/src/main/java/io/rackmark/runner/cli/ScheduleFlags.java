package io.rackmark.runner.cli;

import io.rackmark.runner.plan.Durations;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.SchedulePlan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Flags that spread a run over the day; each overrides its plan key. */
final class ScheduleFlags {
    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "measure everything once in so long a time, such as 30m (plan: schedule.every)")
    private @Nullable Integer everySeconds;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "go on so long, such as 24h (plan: schedule.for)")
    private @Nullable Integer forSeconds;

    /**
     * The plan with its schedule.
     *
     * @param repeated whether a number of repeats was asked for, too
     * @throws PlanException when they do not go together
     */
    Plan override(Plan plan, boolean repeated) {
        Optional<SchedulePlan> planned = Optional.ofNullable(plan.schedule());
        @Nullable Integer every =
                Optional.ofNullable(everySeconds)
                        .or(() -> planned.map(SchedulePlan::everySeconds))
                        .orElse(null);
        @Nullable Integer length =
                Optional.ofNullable(forSeconds)
                        .or(() -> planned.map(SchedulePlan::forSeconds))
                        .orElse(null);
        if (every == null && length == null) {
            return plan;
        }
        if (every == null || length == null) {
            throw new PlanException(
                    List.of("a schedule needs both --every and --for (or schedule: in the plan)"));
        }
        if (repeated) {
            throw new PlanException(
                    List.of("--repeats does not go with a schedule, whose probes are the repeats"));
        }
        try {
            return plan.withSchedule(new SchedulePlan(every, length));
        } catch (IllegalArgumentException e) {
            throw new PlanException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** {@code 90s}, {@code 30m}, {@code 24h}. */
    static final class DurationConverter implements ITypeConverter<Integer> {
        DurationConverter() {}

        @Override
        public Integer convert(String text) {
            return Durations.seconds(text)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'%s' is not %s".formatted(text, Durations.FORM)));
        }
    }
}
