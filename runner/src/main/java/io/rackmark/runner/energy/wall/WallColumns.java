package io.rackmark.runner.energy.wall;

import io.rackmark.runner.result.EnergyChannel.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which columns of a log hold the time and the reading; decided by their names.
 *
 * @param times one column, or a date and a time column that belong together
 * @param value the reading's column
 * @param name the reading's name
 * @param quantity power or energy
 * @param scale micro-units per unit of the column
 */
record WallColumns(List<Integer> times, int value, String name, Quantity quantity, double scale) {
    private static final Pattern TIME =
            Pattern.compile(
                    "(t_?unix|ts|epoch|unix|last_changed|(date|time|timestamp|datetime)\\b.*)");
    private static final Pattern UNIT =
            Pattern.compile("(?:.*[\\s_(\\[./,-])?(mw|w|watts?|kw|wh|kwh|j|joules?)[)\\]]?");

    /** Units by name: quantity and micro-units. */
    private static final Map<String, Double> POWER =
            Map.of("mw", 1e3, "w", 1e6, "watt", 1e6, "watts", 1e6, "kw", 1e9);

    private static final Map<String, Double> ENERGY =
            Map.of("wh", 3.6e9, "kwh", 3.6e12, "j", 1e6, "joule", 1e6, "joules", 1e6);

    /**
     * Finds the columns in a header.
     *
     * @param where file and line, for messages
     * @throws WallCsvException when there are none or more than one of a kind
     */
    static WallColumns of(String where, List<String> header) {
        List<Integer> times =
                IntStream.range(0, header.size())
                        .filter(i -> TIME.matcher(normal(header.get(i))).matches())
                        .boxed()
                        .toList();
        List<WallColumns> power = new ArrayList<>();
        List<WallColumns> energy = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (!times.contains(i)) {
                reading(List.of(), i, header.get(i).strip())
                        .ifPresent(
                                c ->
                                        (c.quantity() == Quantity.POWER_MICROWATTS ? power : energy)
                                                .add(c));
            }
        }
        WallColumns value = only(where, header, power.isEmpty() ? energy : power);
        return new WallColumns(
                times(where, header, times),
                value.value(),
                value.name(),
                value.quantity(),
                value.scale());
    }

    private static Optional<WallColumns> reading(List<Integer> times, int index, String name) {
        Matcher unit = UNIT.matcher(normal(name));
        if (!unit.matches()) {
            return Optional.empty();
        }
        boolean power = POWER.containsKey(unit.group(1));
        double scale = (power ? POWER : ENERGY).getOrDefault(unit.group(1), 0.0);
        return Optional.of(
                new WallColumns(
                        times,
                        index,
                        name,
                        power ? Quantity.POWER_MICROWATTS : Quantity.ENERGY_MICROJOULES,
                        scale));
    }

    private static WallColumns only(
            String where, List<String> header, List<WallColumns> candidates) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        throw new WallCsvException(
                List.of(
                        candidates.isEmpty()
                                ? "%s: no column names a unit among %s; name one for example 'power (W)' or 'energy (kWh)'"
                                        .formatted(where, quoted(header))
                                : "%s: %s could all be the reading; keep one of them"
                                        .formatted(
                                                where,
                                                quoted(
                                                        candidates.stream()
                                                                .map(WallColumns::name)
                                                                .toList()))));
    }

    /** A single time column, or the pair 'date' and 'time'. */
    private static List<Integer> times(String where, List<String> header, List<Integer> found) {
        if (found.size() == 1) {
            return found;
        }
        List<Integer> pair =
                IntStream.range(0, header.size())
                        .filter(i -> normal(header.get(i)).matches("date|time"))
                        .boxed()
                        .toList();
        if (pair.size() == 2 && found.size() == 2) {
            boolean dateFirst = normal(header.get(pair.getFirst())).equals("date");
            return dateFirst ? pair : pair.reversed();
        }
        throw new WallCsvException(
                List.of(
                        found.isEmpty()
                                ? "%s: no column holds the time among %s; name one 'time'"
                                        .formatted(where, quoted(header))
                                : "%s: %s could all be the time; keep one of them"
                                        .formatted(
                                                where,
                                                quoted(found.stream().map(header::get).toList()))));
    }

    private static String quoted(List<String> names) {
        return names.stream()
                .limit(20)
                .map(name -> "'" + WallCsv.shown(name.strip()) + "'")
                .collect(Collectors.joining(", "));
    }

    private static String normal(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
