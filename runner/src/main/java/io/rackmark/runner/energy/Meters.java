package io.rackmark.runner.energy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the meters of a machine. */
public final class Meters {
    /** All that can be read at no cost to what is measured. */
    static final String AUTO = "auto";

    private Meters() {}

    /** Every kind of meter, found or not; the caller closes the opened ones. */
    public static List<MeterFinding> all(MeterSetup setup) {
        return List.of(
                RaplFinder.find(setup.sys()),
                NvmlMeter.find(),
                HwmonFinder.find(setup.sys()),
                IpmiMeter.find(),
                TdpMeter.find(setup.proc(), setup.tdpWatts()));
    }

    /** The meters that the setup wants, found or not; the caller closes the opened ones. */
    static List<MeterFinding> wanted(MeterSetup setup) {
        List<MeterFinding> found = new ArrayList<>();
        wanted(setup, RaplFinder.METER, () -> RaplFinder.find(setup.sys())).ifPresent(found::add);
        wanted(setup, NvmlMeter.METER, NvmlMeter::find).ifPresent(found::add);
        wanted(setup, HwmonFinder.METER, () -> HwmonFinder.find(setup.sys())).ifPresent(found::add);
        if (setup.wanted().contains(IpmiMeter.METER)) {
            found.add(IpmiMeter.find());
        }
        if (setup.tdpWatts() > 0) {
            found.add(TdpMeter.find(setup.proc(), setup.tdpWatts()));
        }
        return found;
    }

    private static Optional<MeterFinding> wanted(
            MeterSetup setup, String name, Supplier<MeterFinding> finder) {
        return setup.wanted().contains(name) || setup.wanted().contains(AUTO)
                ? Optional.of(finder.get())
                : Optional.empty();
    }

    /** One sentence per meter that was named but cannot be read. */
    public static List<String> faults(MeterSetup setup) {
        List<String> named = setup.wanted().stream().filter(name -> !name.equals(AUTO)).toList();
        List<MeterFinding> found =
                wanted(new MeterSetup(setup.sys(), setup.proc(), named, setup.tdpWatts()));
        close(found);
        return found.stream()
                .filter(f -> f.state() != MeterFinding.State.USABLE)
                .map(f -> "meter %s cannot be read: %s".formatted(f.meter(), f.message()))
                .toList();
    }

    /** Closes what was opened. */
    public static void close(List<MeterFinding> found) {
        for (MeterFinding finding : found) {
            Meter meter = finding.opened();
            if (meter != null) {
                meter.close();
            }
        }
    }
}
