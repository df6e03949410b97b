package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * RAPL: energy counters of CPU packages and their memory (Documentation/power/powercap/powercap.rst
 * in the kernel; AMD's CPUs appear under the same names, and on kernels 5.8 to 5.12 as the hwmon
 * driver amd_energy). The domains core and uncore are inside the package, psys is around it:
 * neither is read, so that nothing counts twice.
 */
final class RaplFinder {
    static final String METER = "rapl";

    /** {@code package-0}, or {@code package-0-die-1} where a package has several dies. */
    private static final Pattern PACKAGE = Pattern.compile("package-(\\d+(?:-die-\\d+)?)");

    /** {@code intel-rapl:0:2} is a part of {@code intel-rapl:0}. */
    private static final Pattern PART = Pattern.compile("(.+:\\d+):\\d+");

    private static final Pattern AMD_SOCKET = Pattern.compile("Esocket(\\d+)");

    private final Sysfs sysfs;
    private final Map<String, SysfsMeter.Source> found = new LinkedHashMap<>();

    private RaplFinder(Sysfs sysfs) {
        this.sysfs = sysfs;
    }

    static MeterFinding find(Sysfs sysfs) {
        RaplFinder finder = new RaplFinder(sysfs);
        finder.powercap();
        if (finder.found.isEmpty()) {
            finder.amdEnergy();
        }
        return finder.finding();
    }

    private void powercap() {
        List<Path> zones = new ArrayList<>(sysfs.list("class/powercap"));
        // The same package may appear a second time through its memory-mapped registers.
        zones.sort(Comparator.comparing(zone -> name(zone).contains("mmio")));
        zones.forEach(this::zone);
    }

    private void zone(Path zone) {
        String name = sysfs.text(zone.resolve("name")).orElse("");
        Matcher pack = PACKAGE.matcher(name);
        if (pack.matches()) {
            add(EnergySource.RAPL_PACKAGE, pack.group(1), "CPU package ", zone);
        } else if (name.equals("dram")) {
            parent(zone).ifPresent(id -> add(EnergySource.RAPL_DRAM, id, "memory of CPU ", zone));
        }
    }

    /** Number of the package that a zone is a part of. */
    private Optional<String> parent(Path zone) {
        Matcher part = PART.matcher(name(zone));
        return part.matches()
                ? sysfs.text(zone.resolveSibling(part.group(1)).resolve("name"))
                        .map(PACKAGE::matcher)
                        .filter(Matcher::matches)
                        .map(matched -> matched.group(1))
                : Optional.empty();
    }

    private void add(EnergySource source, String number, String what, Path zone) {
        String id = source.id() + "/" + number;
        found.putIfAbsent(
                id,
                new SysfsMeter.Source(
                        new EnergyChannel(
                                id,
                                source,
                                what + number,
                                "cpu" + number,
                                Quantity.ENERGY_MICROJOULES,
                                sysfs.number(zone.resolve("max_energy_range_uj"))),
                        zone.resolve("energy_uj")));
    }

    private void amdEnergy() {
        for (Path hwmon : sysfs.list("class/hwmon")) {
            if (!sysfs.text(hwmon.resolve("name")).orElse("").equals("amd_energy")) {
                continue;
            }
            for (int i = 1; sysfs.text(label(hwmon, i)).isPresent(); i++) {
                Matcher socket = AMD_SOCKET.matcher(sysfs.text(label(hwmon, i)).orElse(""));
                if (socket.matches()) {
                    amdSocket(socket.group(1), hwmon.resolve("energy%d_input".formatted(i)));
                }
            }
        }
    }

    private static Path label(Path hwmon, int index) {
        return hwmon.resolve("energy%d_label".formatted(index));
    }

    /** The driver accumulates in 64 bit, so this counter does not wrap. */
    private void amdSocket(String number, Path file) {
        String id = EnergySource.RAPL_PACKAGE.id() + "/" + number;
        EnergyChannel channel =
                new EnergyChannel(
                        id,
                        EnergySource.RAPL_PACKAGE,
                        "CPU package " + number,
                        "cpu" + number,
                        Quantity.ENERGY_MICROJOULES,
                        null);
        found.putIfAbsent(id, new SysfsMeter.Source(channel, file));
    }

    private MeterFinding finding() {
        if (found.isEmpty()) {
            return MeterFinding.absent(
                    METER,
                    "the kernel shows no RAPL counters under %s; a virtual machine or container hides them, else load the driver with: sudo modprobe intel_rapl_msr"
                            .formatted(sysfs.root().resolve("class/powercap")));
        }
        for (SysfsMeter.Source source : found.values()) {
            Optional<String> fault = fault(source.file());
            if (fault.isPresent()) {
                return MeterFinding.denied(METER, fault.get());
            }
        }
        String scopes =
                found.values().stream()
                        .map(source -> source.channel().scope())
                        .collect(Collectors.joining(", "));
        return MeterFinding.usable(
                METER, scopes, new SysfsMeter(sysfs, List.copyOf(found.values())));
    }

    private Optional<String> fault(Path file) {
        try {
            Long.parseLong(sysfs.reader().read(file).strip());
            return Optional.empty();
        } catch (AccessDeniedException e) {
            return Optional.of(
                    "not permitted to read %s; allow it until the next boot with: sudo chmod a+r %s"
                            .formatted(file, readable(file)));
        } catch (IOException | NumberFormatException e) {
            return Optional.of(
                    "%s holds no counter (%s); this kernel's RAPL driver does not know the CPU"
                            .formatted(file, e.getMessage()));
        }
    }

    /** The pattern that names all files of the kind, so that one command is enough. */
    private String readable(Path file) {
        return name(file).equals("energy_uj")
                ? sysfs.root().resolve("class/powercap") + "/*/energy_uj"
                : file.resolveSibling("energy*_input").toString();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
