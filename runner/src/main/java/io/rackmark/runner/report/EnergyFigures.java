package io.rackmark.runner.report;

import io.rackmark.runner.energy.SourceEnergy;
import io.rackmark.runner.energy.WindowEnergy;
import io.rackmark.runner.report.EnergyWindows.Measured;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.EnergySource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The energy figures of one system, per workload and source, as the methodology page defines them.
 * Joules and tokens are summed over the cells' windows and only then divided.
 */
final class EnergyFigures {
    private final String prefix;
    private final String source;
    private final String scope;
    private final List<Counted> valid;
    private final @Nullable String invalid;
    private final List<EnergyFigure> figures = new ArrayList<>();

    /** One window with what one source, or a sum of sources, tells of it. */
    private record Counted(Measured window, Part part) {}

    /** Energy over a window and its idle power. */
    private record Part(
            String scope,
            WindowEnergy load,
            @Nullable Double idleWatts,
            @Nullable String idleReason) {

        static Part of(SourceEnergy energy) {
            return new Part(energy.scope(), energy.load(), energy.idleWatts(), energy.idleReason());
        }

        Part plus(Part other) {
            @Nullable Double a = idleWatts;
            @Nullable Double b = other.idleWatts;
            return new Part(
                    scope + ", " + other.scope,
                    load.plus(other.load),
                    a == null || b == null ? null : a + b,
                    idleReason == null ? other.idleReason : idleReason);
        }
    }

    private EnergyFigures(String prefix, String source, List<Counted> all) {
        this.prefix = prefix;
        this.source = source;
        this.scope =
                all.stream()
                        .map(c -> c.part().scope())
                        .distinct()
                        .collect(Collectors.joining("; "));
        this.valid = all.stream().filter(c -> c.part().load().joules() != null).toList();
        this.invalid =
                valid.isEmpty()
                        ? all.stream()
                                .flatMap(
                                        c -> Optional.ofNullable(c.part().load().reason()).stream())
                                .findFirst()
                                .orElse("not measured")
                        : null;
    }

    /** All figures of the windows of one system. */
    static List<EnergyFigure> of(List<Measured> windows) {
        List<EnergyFigure> figures = new ArrayList<>();
        for (String workload : List.of("speed", "sql")) {
            List<Measured> mine =
                    windows.stream().filter(w -> w.workload().equals(workload)).toList();
            String prefix = workload.equals("sql") ? "sql_" : "";
            for (EnergySource source : sources(mine)) {
                figures.addAll(one(prefix, source.id(), mine, List.of(source)));
            }
            List<EnergySource> parts = parts(sources(mine));
            if (parts.size() > 1) {
                figures.addAll(one(prefix, sum(parts), mine, parts));
            }
        }
        return figures;
    }

    private static List<EnergyFigure> one(
            String prefix, String name, List<Measured> windows, List<EnergySource> sources) {
        List<Counted> counted =
                windows.stream().flatMap(w -> counted(w, sources).stream()).toList();
        return new EnergyFigures(prefix, name, counted).all();
    }

    /** Empty when one of the sources was not read in the window. */
    private static Optional<Counted> counted(Measured window, List<EnergySource> sources) {
        List<Part> parts =
                window.sources().stream()
                        .filter(energy -> sources.contains(energy.source()))
                        .map(Part::of)
                        .toList();
        return parts.size() < sources.size()
                ? Optional.empty()
                : parts.stream().reduce(Part::plus).map(part -> new Counted(window, part));
    }

    private static Set<EnergySource> sources(List<Measured> windows) {
        return windows.stream()
                .flatMap(w -> w.sources().stream())
                .map(SourceEnergy::source)
                .sorted()
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Sources of different components, each component once. */
    static List<EnergySource> parts(Set<EnergySource> sources) {
        return sources.stream()
                .filter(s -> s.reach() == EnergySource.Reach.PART)
                .filter(
                        s ->
                                s != EnergySource.NVML_INTEGRATED
                                        || !sources.contains(EnergySource.NVML_COUNTER))
                .toList();
    }

    static String sum(List<EnergySource> parts) {
        return parts.stream().map(EnergySource::id).collect(Collectors.joining("+"));
    }

    private List<EnergyFigure> all() {
        double joules = valid.stream().mapToDouble(EnergyFigures::joules).sum();
        double tokens = count(valid.stream().mapToLong(c -> c.window().outputTokens()));
        double requests = count(valid.stream().mapToLong(c -> c.window().requests()));
        add("energy_gross", "J", joules, 1, "");
        add("power_mean", "W", joules, seconds(), "");
        add("energy_per_output_token", "J/token", joules, tokens, "no token was generated");
        add("energy_per_request", "J/request", joules, requests, "no request was completed");
        add("output_speed_per_watt", "tok/s/W", tokens, joules, "");
        if (!prefix.isEmpty()) {
            double correct = count(valid.stream().mapToLong(c -> c.window().correct()));
            add("energy_per_correct_answer", "J", joules, correct, "no answer was correct");
        }
        net(tokens);
        return figures;
    }

    /** Idle-subtracted; only when every window has its baseline. */
    private void net(double tokens) {
        Optional<String> reason =
                valid.stream()
                        .map(c -> c.part().idleReason())
                        .flatMap(r -> Optional.ofNullable(r).stream())
                        .findFirst();
        double idle = valid.stream().mapToDouble(EnergyFigures::idleJoules).sum();
        double net = valid.stream().mapToDouble(EnergyFigures::joules).sum() - idle;
        if (reason.isPresent()) {
            missing("power_idle", "W", reason.get());
            missing("energy_net", "J", reason.get());
            missing("energy_net_per_output_token", "J/token", reason.get());
            return;
        }
        add("power_idle", "W", idle, seconds(), "");
        String below = "the load drew no more than the idle baseline";
        add("energy_net", "J", net, net > 0 ? 1 : 0, below);
        add("energy_net_per_output_token", "J/token", net, net > 0 ? tokens : 0, below);
    }

    /** A quotient; null with the reason when there is nothing to divide by. */
    private void add(String metric, String unit, double above, double below, String nothing) {
        if (invalid != null) {
            missing(metric, unit, invalid);
        } else if (below == 0) {
            missing(metric, unit, nothing);
        } else {
            figures.add(figure(metric, unit, above / below, grade(), null));
        }
    }

    private void missing(String metric, String unit, String reason) {
        figures.add(figure(metric, unit, null, null, reason));
    }

    private EnergyFigure figure(
            String metric,
            String unit,
            @Nullable Double value,
            @Nullable EnergyGrade grade,
            @Nullable String reason) {
        return new EnergyFigure(
                prefix + metric,
                source,
                scope,
                unit,
                value,
                grade,
                valid.size(),
                seconds(),
                reason);
    }

    private static double count(LongStream counts) {
        return (double) counts.sum();
    }

    private EnergyGrade grade() {
        return valid.stream()
                .flatMap(c -> Optional.ofNullable(c.part().load().grade()).stream())
                .reduce(EnergyGrade.A, EnergyGrade::worse);
    }

    private double seconds() {
        return valid.stream().mapToDouble(c -> c.part().load().seconds()).sum();
    }

    private static double joules(Counted counted) {
        @Nullable Double joules = counted.part().load().joules();
        return joules == null ? 0 : joules;
    }

    private static double idleJoules(Counted counted) {
        @Nullable Double watts = counted.part().idleWatts();
        return watts == null ? 0 : watts * counted.part().load().seconds();
    }
}
