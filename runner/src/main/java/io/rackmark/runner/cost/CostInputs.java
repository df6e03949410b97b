package io.rackmark.runner.cost;

/**
 * What owning and running a box costs. Every input may be a span; the results then are spans, too.
 *
 * @param capexUsd price of the box
 * @param years of use until it is written off, above 0
 * @param utilisation share of the time it works for somebody, above 0 and at most 1
 * @param watts electrical power while it works
 * @param pue power of the building over power of the box, at least 1
 * @param usdPerKwh price of electricity
 * @param opsUsdPerHour everything else: space, network, people
 */
public record CostInputs(
        Span capexUsd,
        Span years,
        Span utilisation,
        Span watts,
        Span pue,
        Span usdPerKwh,
        Span opsUsdPerHour) {
    private static final double HOURS_PER_YEAR = 8760;
    private static final double WATTS_PER_KILOWATT = 1000;
    private static final double SECONDS_PER_HOUR = 3600;

    public CostInputs {
        require(capexUsd.low() >= 0, "the price of the box is below 0");
        require(years.low() > 0, "the years of use are not above 0");
        require(utilisation.low() > 0 && utilisation.high() <= 1, "utilisation is not in (0, 1]");
        require(watts.low() >= 0, "the power is below 0 W");
        require(pue.low() >= 1, "the PUE is below 1");
        require(usdPerKwh.low() >= 0, "the price of electricity is below 0");
        require(opsUsdPerHour.low() >= 0, "the running cost is below 0");
    }

    private static void require(boolean holds, String fault) {
        if (!holds) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** USD per hour: capex/(years·8760) + W/1000·PUE·USD/kWh + ops. */
    public Span usdPerHour() {
        return new Span(
                usdPerHour(
                        capexUsd.low(),
                        years.high(),
                        watts.low() * pue.low() * usdPerKwh.low(),
                        opsUsdPerHour.low()),
                usdPerHour(
                        capexUsd.high(),
                        years.low(),
                        watts.high() * pue.high() * usdPerKwh.high(),
                        opsUsdPerHour.high()));
    }

    private static double usdPerHour(double capex, double years, double wattDollars, double ops) {
        return capex / (years * HOURS_PER_YEAR) + wattDollars / WATTS_PER_KILOWATT + ops;
    }

    /**
     * USD for work that keeps the box busy this long; its idle time is paid by those who use it.
     *
     * @param seconds of the box for one query, or for one correct answer
     */
    public Span usdFor(double seconds) {
        Span hour = usdPerHour();
        double hours = seconds / SECONDS_PER_HOUR;
        return new Span(
                hour.low() * hours / utilisation.high(), hour.high() * hours / utilisation.low());
    }
}
