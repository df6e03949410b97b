package io.rackmark.runner.measure;

import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.HardwareAbstractionLayer;

/** What machine this is and whether it is fit to be measured on. */
public final class HostFacts {
    private static final Path GOVERNOR =
            Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    /** More than a tenth of a core busy before the run shows in single-stream figures. */
    private static final double IDLE_LOAD = 0.5;

    private HostFacts() {}

    private static String offset() {
        ZoneOffset offset = ZoneId.systemDefault().getRules().getOffset(Instant.now());
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }

    public static Environment read() {
        SystemInfo info = new SystemInfo();
        HardwareAbstractionLayer hardware = info.getHardware();
        CentralProcessor cpu = hardware.getProcessor();
        double load = cpu.getSystemLoadAverage(1)[0];
        return new Environment(
                info.getOperatingSystem().toString(),
                System.getProperty("os.arch", "unknown"),
                cpu.getProcessorIdentifier().getName().strip(),
                Runtime.getRuntime().availableProcessors(),
                hardware.getMemory().getTotal(),
                System.getProperty("java.vm.vendor") + " " + Runtime.version(),
                governor().orElse(null),
                load < 0 ? null : load,
                List.of(new Property(Environment.UTC_OFFSET, offset())));
    }

    /** Cautions that hold for the whole run. */
    public static List<Flag> flags(Environment environment) {
        List<Flag> flags = new ArrayList<>();
        @Nullable Double load = environment.loadAverage();
        if (load != null && load > IDLE_LOAD) {
            flags.add(
                    new Flag(
                            Flag.Kind.NOT_IDLE,
                            "The machine was not idle before the run (load %.1f); stop other work and repeat."
                                    .formatted(load)));
        }
        @Nullable String governor = environment.governor();
        if (governor != null && !governor.equals("performance")) {
            flags.add(
                    new Flag(
                            Flag.Kind.GOVERNOR,
                            "The CPU frequency governor is '%s'; set it to 'performance' for steady clocks."
                                    .formatted(governor)));
        }
        return flags;
    }

    private static Optional<String> governor() {
        try {
            return Optional.of(Files.readString(GOVERNOR).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
