package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a system gains or loses against another that differs in one thing.
 *
 * @param kind what they differ in
 * @param system id of the one
 * @param baseline id of the other
 * @param ratios system over baseline, per metric
 */
public record SystemComparison(Kind kind, String system, String baseline, List<Figure> ratios) {

    public enum Kind {
        /** Against the same engine's most exact precision. */
        PRECISION,
        /** The engine as it is by default, against the same engine with options. */
        OPTIONS
    }

    /** From exact to coarse; a system of any other precision is not compared. */
    private static final List<String> PRECISIONS =
            List.of("f32", "bf16", "f16", "int8", "q8_0", "q4_k_m", "int4", "q4_0");

    public SystemComparison {
        ratios = List.copyOf(ratios);
    }

    /** The ratio of this metric. */
    public Optional<Figure> ratio(String metric) {
        return ratios.stream().filter(f -> f.metric().equals(metric)).findFirst();
    }

    static List<SystemComparison> of(
            List<SystemUnderTest> systems, List<CellRecord> cells, List<RequestRecord> requests) {
        Records records = new Records(cells, requests);
        List<SystemComparison> found = new ArrayList<>();
        groups(systems, SystemComparison::withoutPrecision).stream()
                .filter(group -> group.stream().allMatch(s -> rank(s) >= 0))
                .map(group -> group.stream().sorted(Comparator.comparingInt(s -> rank(s))).toList())
                .forEach(
                        group ->
                                group.stream()
                                        .skip(1)
                                        .map(s -> records.of(Kind.PRECISION, s, group.getFirst()))
                                        .forEach(found::add));
        groups(systems, s -> s.engine() + "/" + s.model() + "/" + s.precision())
                .forEach(
                        group ->
                                group.stream()
                                        .filter(s -> s.options().isEmpty())
                                        .findFirst()
                                        .ifPresent(
                                                plain ->
                                                        group.stream()
                                                                .filter(s -> s != plain)
                                                                .map(
                                                                        s ->
                                                                                records.of(
                                                                                        Kind
                                                                                                .OPTIONS,
                                                                                        plain,
                                                                                        s))
                                                                .forEach(found::add)));
        return found.stream().filter(SystemComparison::says).toList();
    }

    private boolean says() {
        return ratios.stream().anyMatch(f -> f.value() != null);
    }

    private static List<List<SystemUnderTest>> groups(
            List<SystemUnderTest> systems, Function<SystemUnderTest, String> key) {
        return systems.stream()
                .collect(
                        Collectors.groupingBy(
                                key, java.util.LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(group -> group.size() > 1)
                .toList();
    }

    private static int rank(SystemUnderTest system) {
        return PRECISIONS.indexOf(system.precision());
    }

    private static String withoutPrecision(SystemUnderTest system) {
        int at = system.id().lastIndexOf("/" + system.precision());
        return at < 0 ? system.id() : system.id().substring(0, at) + system.options();
    }

    /** What was measured of all systems. */
    private record Records(List<CellRecord> cells, List<RequestRecord> requests) {

        SystemComparison of(Kind kind, SystemUnderTest system, SystemUnderTest baseline) {
            String a = system.id();
            String b = baseline.id();
            return new SystemComparison(
                    kind,
                    a,
                    b,
                    List.of(
                            speeds("output_speed", a, b, SystemFigures::outputSpeed),
                            speeds("prefill_speed", a, b, SystemFigures::prefillSpeed),
                            Ratios.paired("model_load_cold", loads(a), loads(b)),
                            Ratios.ofLargest(
                                    "model_memory",
                                    memory(a, Memory::modelBytes),
                                    memory(b, Memory::modelBytes)),
                            Ratios.ofLargest(
                                    "peak_rss",
                                    memory(a, Memory::peakRssBytes),
                                    memory(b, Memory::peakRssBytes))));
        }

        private Figure speeds(
                String metric,
                String a,
                String b,
                Function<RequestRecord, @Nullable Double> speed) {
            return Ratios.paired(metric, byRepeat(a, speed), byRepeat(b, speed));
        }

        /** The mean of each process, by repeat. */
        private TreeMap<Integer, Double> byRepeat(
                String system, Function<RequestRecord, @Nullable Double> speed) {
            List<RequestRecord> mine =
                    requests.stream().filter(r -> r.cell().system().equals(system)).toList();
            TreeMap<Integer, List<Double>> values = new TreeMap<>();
            for (RequestRecord r : SpeedRound.base(SystemFigures.measured(mine, "speed"))) {
                @Nullable Double value = speed.apply(r);
                if (value != null) {
                    values.computeIfAbsent(r.cell().repeat(), _ -> new ArrayList<>()).add(value);
                }
            }
            TreeMap<Integer, Double> means = new TreeMap<>();
            values.forEach(
                    (repeat, all) ->
                            means.put(
                                    repeat,
                                    all.stream()
                                            .mapToDouble(Double::doubleValue)
                                            .average()
                                            .orElseThrow()));
            return means;
        }

        private TreeMap<Integer, Double> loads(String system) {
            TreeMap<Integer, Double> loads = new TreeMap<>();
            for (CellRecord cell : done(system)) {
                @Nullable LifeCycle life = cell.lifeCycle();
                @Nullable Long nanos = life == null ? null : life.modelLoadNanos();
                if (life != null && nanos != null && life.pageCache() == LifeCycle.PageCache.COLD) {
                    loads.put(cell.key().repeat(), nanos.doubleValue());
                }
            }
            return loads;
        }

        private List<Long> memory(String system, Function<Memory, @Nullable Long> of) {
            List<Long> bytes = new ArrayList<>();
            for (CellRecord cell : done(system)) {
                @Nullable Memory memory = cell.memory();
                @Nullable Long value = memory == null ? null : of.apply(memory);
                if (value != null) {
                    bytes.add(value);
                }
            }
            return bytes;
        }

        private List<CellRecord> done(String system) {
            return cells.stream()
                    .filter(c -> c.state() == CellRecord.State.DONE)
                    .filter(c -> c.key().system().equals(system))
                    .toList();
        }
    }
}
