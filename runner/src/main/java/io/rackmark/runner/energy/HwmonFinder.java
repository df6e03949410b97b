package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * AMD GPU boards through the amdgpu driver's hwmon files (Documentation/gpu/amdgpu/thermal.rst in
 * the kernel): power1_average, or power1_input on newer cards, in microwatts; energy1_input in
 * microjoules where the card has a counter.
 */
final class HwmonFinder {
    static final String METER = "hwmon";

    private HwmonFinder() {}

    static MeterFinding find(Sysfs sysfs) {
        List<SysfsMeter.Source> sources = new ArrayList<>();
        for (Path hwmon : sysfs.list("class/hwmon")) {
            if (sysfs.text(hwmon.resolve("name")).orElse("").equals("amdgpu")) {
                sources.addAll(card(sysfs, hwmon));
            }
        }
        if (sources.isEmpty()) {
            return MeterFinding.absent(
                    METER,
                    "no AMD GPU with a power sensor under %s"
                            .formatted(sysfs.root().resolve("class/hwmon")));
        }
        String scopes =
                sources.stream()
                        .map(s -> s.channel().scope())
                        .distinct()
                        .collect(Collectors.joining(", "));
        return MeterFinding.usable(METER, scopes, new SysfsMeter(sysfs, sources));
    }

    private static List<SysfsMeter.Source> card(Sysfs sysfs, Path hwmon) {
        String address = address(hwmon);
        List<SysfsMeter.Source> sources = new ArrayList<>();
        Path energy = hwmon.resolve("energy1_input");
        if (sysfs.number(energy) != null) {
            sources.add(source(address, "energy", Quantity.ENERGY_MICROJOULES, energy));
        }
        for (String name : List.of("power1_average", "power1_input")) {
            Path power = hwmon.resolve(name);
            if (sysfs.number(power) != null) {
                sources.add(source(address, "power", Quantity.POWER_MICROWATTS, power));
                break;
            }
        }
        return sources;
    }

    private static SysfsMeter.Source source(
            String address, String what, Quantity quantity, Path file) {
        return new SysfsMeter.Source(
                new EnergyChannel(
                        "%s/%s/%s".formatted(EnergySource.HWMON.id(), address, what),
                        EnergySource.HWMON,
                        "AMD GPU " + address,
                        "amdgpu-" + address,
                        quantity,
                        null),
                file);
    }

    /** The card's PCI address, which outlives a reboot; the number of a hwmon folder does not. */
    private static String address(Path hwmon) {
        try {
            return String.valueOf(hwmon.resolve("device").toRealPath().getFileName());
        } catch (IOException e) {
            return String.valueOf(hwmon.getFileName());
        }
    }
}
