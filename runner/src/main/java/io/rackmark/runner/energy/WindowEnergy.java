package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Energy of one or more channels over one window, or the reason why there is none.
 *
 * @param joules gross; null when not valid
 * @param seconds length of the window
 * @param grade null when not valid
 * @param reason why there is no value; null when there is
 */
public record WindowEnergy(
        @Nullable Double joules,
        double seconds,
        @Nullable EnergyGrade grade,
        @Nullable String reason) {

    /** A counter refreshes about every 100 ms: under 10 s its edges weigh more than 2 %. */
    static final double SHORT_SECONDS = 10;

    /** A gap this long may hide anything. */
    static final double LONGEST_GAP_SECONDS = 3;

    /** With fewer steps of a counter the two edges may weigh more than 5 %. */
    static final int FEWEST_STEPS = 20;

    /** Above what any node draws: the counter was reset and did not wrap. */
    static final double IMPOSSIBLE_WATTS = 20_000;

    private static final double NANOS_PER_S = 1e9;

    /** Energy of one series over a window of absolute monotonic stamps. */
    public static WindowEnergy of(EnergySeries series, Span window) {
        EnergyCurve curve = EnergyCurve.of(series);
        long from = window.fromNanos() - series.startNanos();
        long to = window.toNanos() - series.startNanos();
        double seconds = (to - from) / NANOS_PER_S;
        Optional<String> fault = fault(series, curve, from, to);
        if (fault.isPresent()) {
            return invalid(seconds, fault.get());
        }
        EnergySource source = Objects.requireNonNull(series.channel().source());
        boolean counter = series.channel().quantity() == Quantity.ENERGY_MICROJOULES;
        EnergyGrade best = counter ? source.best() : source.best().worse(EnergyGrade.C);
        if (source == EnergySource.WALL_CSV) {
            best = EnergyGrade.A; // its power readings are sampled by the meter itself
        }
        boolean few = counter && curve.steps(from, to) < FEWEST_STEPS;
        EnergyGrade grade = seconds < SHORT_SECONDS || few ? best.worse(EnergyGrade.SHORT) : best;
        return new WindowEnergy(curve.joules(from, to), seconds, grade, null);
    }

    /** No energy, for a reason. */
    public static WindowEnergy invalid(double seconds, String reason) {
        return new WindowEnergy(null, seconds, null, reason);
    }

    private static Optional<String> fault(
            EnergySeries series, EnergyCurve curve, long from, long to) {
        if (to <= from) {
            return Optional.of("the window is empty");
        }
        if (!curve.covers(from, to)) {
            return Optional.of("the samples do not cover the window");
        }
        double gap = curve.longestGapNanos(from, to) / NANOS_PER_S;
        if (gap > LONGEST_GAP_SECONDS) {
            return Optional.of(
                    "a gap of %s s between samples; at most %.0f s"
                            .formatted(decimal(gap), LONGEST_GAP_SECONDS));
        }
        if (curve.steppedBack() || curve.highestWatts(from, to) > IMPOSSIBLE_WATTS) {
            return Optional.of("the counter was reset during the run");
        }
        if (curve.joules(from, to) == 0) {
            return Optional.of(
                    series.channel().quantity() == Quantity.ENERGY_MICROJOULES
                            ? "the counter stood still"
                            : "the meter told 0 W throughout");
        }
        return Optional.empty();
    }

    /** Both together, as one window; invalid when either is. */
    public WindowEnergy plus(WindowEnergy other) {
        if (joules == null || grade == null) {
            return this;
        }
        if (other.joules == null || other.grade == null) {
            return other;
        }
        return new WindowEnergy(joules + other.joules, seconds, grade.worse(other.grade), null);
    }

    /** The same with a grade that is at least as bad. */
    WindowEnergy atBest(EnergyGrade worst) {
        return grade == null ? this : new WindowEnergy(joules, seconds, grade.worse(worst), reason);
    }

    /** Mean power; null when not valid. */
    public @Nullable Double watts() {
        return joules == null ? null : joules / seconds;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
