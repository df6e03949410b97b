package io.rackmark.runner.cost;

/**
 * The volume at which a box that runs all day costs what an endpoint costs.
 *
 * @param queriesPerDay where the day's cost of the box equals the endpoint's bill
 * @param capacityPerDay queries the box answers in a day, one at a time, at its utilisation
 */
public record BreakEven(Span queriesPerDay, Span capacityPerDay) {
    private static final double HOURS_PER_DAY = 24;
    private static final double SECONDS_PER_DAY = 86_400;

    /** What may be said about buying. */
    public enum Reach {
        /** With every input of the spans the box pays within its capacity. */
        WITHIN_CAPACITY,
        /** With some inputs. */
        DEPENDS,
        /** The box is full before it pays. */
        BEYOND_CAPACITY
    }

    /**
     * @param box its cost
     * @param boxSeconds of the box for one query, above 0
     * @param endpointUsd the endpoint's cost of one query, above 0
     */
    public static BreakEven of(CostInputs box, double boxSeconds, double endpointUsd) {
        if (!(boxSeconds > 0) || !(endpointUsd > 0)) {
            throw new IllegalArgumentException(
                    "%s s and %s USD per query".formatted(boxSeconds, endpointUsd));
        }
        Span hour = box.perHour();
        return new BreakEven(
                new Span(
                        HOURS_PER_DAY * hour.low() / endpointUsd,
                        HOURS_PER_DAY * hour.high() / endpointUsd),
                new Span(
                        SECONDS_PER_DAY * box.utilisation().low() / boxSeconds,
                        SECONDS_PER_DAY * box.utilisation().high() / boxSeconds));
    }

    public Reach reach() {
        if (queriesPerDay.high() <= capacityPerDay.low()) {
            return Reach.WITHIN_CAPACITY;
        }
        return queriesPerDay.low() > capacityPerDay.high() ? Reach.BEYOND_CAPACITY : Reach.DEPENDS;
    }
}
