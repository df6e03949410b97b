package io.rackmark.runner.cost;

/**
 * What owning and running a box costs. Every input may be a span; the results then are spans, too.
 *
 * @param capex price of the box
 * @param years of use until it is written off, above 0
 * @param utilisation share of the time it works for somebody, above 0 and at most 1
 * @param watts electrical power while it works
 * @param pue power of the building over power of the box, at least 1
 * @param perKwh price of electricity
 * @param opsPerHour everything else: space, network, people
 * @param currency of all prices, its three letters; endpoints are paid in {@link #USD}
 */
public record CostInputs(
        Span capex,
        Span years,
        Span utilisation,
        Span watts,
        Span pue,
        Span perKwh,
        Span opsPerHour,
        String currency) {
    /** What endpoints are paid in. */
    public static final String USD = "USD";

    private static final double HOURS_PER_YEAR = 8760;
    private static final double WATTS_PER_KILOWATT = 1000;
    private static final double SECONDS_PER_HOUR = 3600;

    public CostInputs {
        require(capex.low() >= 0, "the price of the box is below 0");
        require(years.low() > 0, "the years of use are not above 0");
        require(utilisation.low() > 0 && utilisation.high() <= 1, "utilisation is not in (0, 1]");
        require(watts.low() >= 0, "the power is below 0 W");
        require(pue.low() >= 1, "the PUE is below 1");
        require(perKwh.low() >= 0, "the price of electricity is below 0");
        require(opsPerHour.low() >= 0, "the running cost is below 0");
        require(currency.matches("[A-Z]{3}"), "the currency is not three capital letters");
    }

    private static void require(boolean holds, String fault) {
        if (!holds) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Cost per hour: capex/(years·8760) + W/1000·PUE·price per kWh + ops. */
    public Span perHour() {
        return new Span(
                perHour(
                        capex.low(),
                        years.high(),
                        watts.low() * pue.low() * perKwh.low(),
                        opsPerHour.low()),
                perHour(
                        capex.high(),
                        years.low(),
                        watts.high() * pue.high() * perKwh.high(),
                        opsPerHour.high()));
    }

    private static double perHour(double capex, double years, double electricity, double ops) {
        return capex / (years * HOURS_PER_YEAR) + electricity / WATTS_PER_KILOWATT + ops;
    }

    /**
     * Cost of work that keeps the box busy this long; its idle time is paid by those who use it.
     *
     * @param seconds of the box for one query, or for one correct answer
     */
    public Span costOf(double seconds) {
        Span hour = perHour();
        double hours = seconds / SECONDS_PER_HOUR;
        return new Span(
                hour.low() * hours / utilisation.high(), hour.high() * hours / utilisation.low());
    }
}
