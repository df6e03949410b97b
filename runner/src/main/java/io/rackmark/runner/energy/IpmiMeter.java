package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The node's power as the board controller tells it (DCMI 1.5, Get Power Reading), through {@code
 * ipmitool}. Every reading starts a process, so it is taken once a second and only when asked for.
 */
final class IpmiMeter implements Meter {
    static final String METER = "ipmi";

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A controller that takes longer is busy with something else. */
    private static final long LIMIT_SECONDS = 2;

    private static final long MICROWATTS_PER_WATT = 1_000_000;

    private static final Pattern NOW =
            Pattern.compile("Instantaneous power reading:\\s*(\\d{1,6})\\s*Watts");
    private static final Pattern ACTIVE = Pattern.compile("Power reading state is:\\s*activated");

    /** What the tool said. */
    record Output(int exit, String text) {}

    /** Runs {@code ipmitool dcmi power reading}. */
    @FunctionalInterface
    interface Tool {
        Output run() throws IOException, InterruptedException;
    }

    private static final EnergyChannel CHANNEL =
            new EnergyChannel(
                    EnergySource.IPMI_DCMI.id(),
                    EnergySource.IPMI_DCMI,
                    "node, as its board controller tells",
                    "node",
                    Quantity.POWER_MICROWATTS,
                    null);

    private final Tool tool;

    private IpmiMeter(Tool tool) {
        this.tool = tool;
    }

    static MeterFinding find() {
        return find(IpmiMeter::ipmitool);
    }

    static MeterFinding find(Tool tool) {
        Output output;
        try {
            output = tool.run();
        } catch (IOException e) {
            return MeterFinding.absent(
                    METER,
                    "ipmitool is not installed; on a server with a board controller: sudo apt"
                            + " install ipmitool");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return MeterFinding.denied(METER, "interrupted while ipmitool was tried");
        }
        if (microwatts(output.text()).isPresent()) {
            return MeterFinding.usable(METER, CHANNEL.scope(), new IpmiMeter(tool));
        }
        String said = output.text().lines().findFirst().orElse("nothing").strip();
        return said.contains("Could not open device")
                ? MeterFinding.denied(
                        METER,
                        "ipmitool cannot open the board controller; on a server: sudo modprobe"
                                + " ipmi_devintf && sudo chmod a+rw /dev/ipmi0")
                : MeterFinding.denied(
                        METER,
                        "the board controller tells no power (ipmitool exited with %d and said: %s)"
                                .formatted(output.exit(), said));
    }

    @Override
    public List<EnergyChannel> channels() {
        return List.of(CHANNEL);
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public List<@Nullable Long> read(long workerPid) {
        List<@Nullable Long> values = new ArrayList<>(1);
        values.add(now());
        return values;
    }

    private @Nullable Long now() {
        try {
            return microwatts(tool.run().text()).orElse(null);
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /**
     * The instantaneous reading; empty when power management is off. Controllers that take the
     * command but measure nothing answer 0 W, which is no reading either.
     */
    static Optional<Long> microwatts(String text) {
        Matcher now = NOW.matcher(text);
        if (!now.find() || !ACTIVE.matcher(text).find()) {
            return Optional.empty();
        }
        long watts = Long.parseLong(now.group(1));
        return watts == 0 ? Optional.empty() : Optional.of(watts * MICROWATTS_PER_WATT);
    }

    private static Output ipmitool() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("ipmitool", "dcmi", "power", "reading")
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .start();
        // Its few lines fit into the pipe, so waiting first cannot block it.
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return new Output(-1, "no answer within %d s".formatted(LIMIT_SECONDS));
        }
        byte[] text = process.getInputStream().readAllBytes();
        return new Output(process.exitValue(), new String(text, StandardCharsets.UTF_8));
    }
}
