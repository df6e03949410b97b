package io.rackmark.runner.energy;

import io.rackmark.runner.energy.nvml.NativeNvml;
import io.rackmark.runner.energy.nvml.Nvml;
import io.rackmark.runner.energy.nvml.Nvml.GpuProcess;
import io.rackmark.runner.energy.nvml.NvmlException;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergySource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA boards: energy counter and power at every reading; clocks, temperature, throttle reasons
 * and processes at every tenth, because they change slowly and cost more.
 */
final class NvmlMeter implements Meter {
    static final String METER = "nvml";

    private static final int STATE_EVERY = 10;
    private static final long MICRO_PER_MILLI = 1000;
    private static final int CHANNELS_PER_GPU = 8;

    private final Nvml nvml;
    private final LongPredicate visible;
    private final List<EnergyChannel> channels = new ArrayList<>(); // [gpus × CHANNELS_PER_GPU]
    private int readings;

    /**
     * A meter over all GPUs.
     *
     * @param visible whether a process id of the driver is one of this system
     */
    NvmlMeter(Nvml nvml, LongPredicate visible) {
        this.nvml = nvml;
        this.visible = visible;
        nvml.gpus().forEach(this::declare);
    }

    static MeterFinding find() {
        return find(() -> NativeNvml.open(NativeNvml.LIBRARY));
    }

    static MeterFinding find(Supplier<Nvml> library) {
        Nvml nvml;
        try {
            nvml = library.get();
        } catch (NvmlException e) {
            return MeterFinding.absent(
                    METER, e.getMessage() + "; it comes with the driver of an NVIDIA GPU");
        }
        if (nvml.gpus().isEmpty()) {
            nvml.close();
            return MeterFinding.absent(METER, "the NVIDIA driver shows no GPU to this user");
        }
        String names = nvml.gpus().stream().map(NvmlMeter::scope).collect(Collectors.joining(", "));
        return MeterFinding.usable(
                METER, names, new NvmlMeter(nvml, pid -> ProcessHandle.of(pid).isPresent()));
    }

    private static String scope(Nvml.Gpu gpu) {
        return "GPU %d %s".formatted(gpu.index(), gpu.name());
    }

    private void declare(Nvml.Gpu gpu) {
        declare(gpu, EnergySource.NVML_COUNTER, "energy", Quantity.ENERGY_MICROJOULES);
        declare(gpu, EnergySource.NVML_INTEGRATED, "power", Quantity.POWER_MICROWATTS);
        declare(gpu, null, "sm-clock", Quantity.SM_CLOCK_MEGAHERTZ);
        declare(gpu, null, "memory-clock", Quantity.MEMORY_CLOCK_MEGAHERTZ);
        declare(gpu, null, "temperature", Quantity.TEMPERATURE_CELSIUS);
        declare(gpu, null, "throttle-reasons", Quantity.THROTTLE_REASONS);
        declare(gpu, null, "worker-memory", Quantity.WORKER_MEMORY_BYTES);
        declare(gpu, null, "other-processes", Quantity.OTHER_PROCESSES);
    }

    private void declare(
            Nvml.Gpu gpu, @Nullable EnergySource source, String what, Quantity quantity) {
        String id = source == null ? "nvml" : source.id();
        channels.add(
                new EnergyChannel(
                        "%s/%d/%s".formatted(id, gpu.index(), what),
                        source,
                        scope(gpu),
                        "gpu" + gpu.index(),
                        quantity,
                        null));
    }

    @Override
    public List<EnergyChannel> channels() {
        return List.copyOf(channels);
    }

    @Override
    public List<@Nullable Long> read(long workerPid) {
        boolean everything = readings++ % STATE_EVERY == 0;
        List<@Nullable Long> values = new ArrayList<>(channels.size());
        for (Nvml.Gpu gpu : nvml.gpus()) {
            Nvml.Draw draw = nvml.draw(gpu.index());
            values.add(micro(draw.energyMillijoules()));
            values.add(micro(draw.powerMilliwatts()));
            if (everything) {
                state(nvml.state(gpu.index()), workerPid, values);
            } else {
                for (int i = 2; i < CHANNELS_PER_GPU; i++) {
                    values.add(null);
                }
            }
        }
        return values;
    }

    private void state(Nvml.State state, long workerPid, List<@Nullable Long> values) {
        values.add(state.smClockMegahertz());
        values.add(state.memoryClockMegahertz());
        values.add(state.celsius());
        values.add(state.throttleReasons());
        List<GpuProcess> processes = state.processes();
        values.add(processes == null ? null : workerMemory(processes, workerPid));
        values.add(processes == null ? null : others(processes, workerPid));
    }

    /** Null when the worker is not seen but somebody unknown is: it may be the worker. */
    private @Nullable Long workerMemory(List<GpuProcess> processes, long workerPid) {
        for (GpuProcess process : processes) {
            if (process.pid() == workerPid) {
                return process.memoryBytes();
            }
        }
        return strangers(processes) ? null : Long.valueOf(0);
    }

    /** Null when a process id belongs to another namespace, as inside a container. */
    private @Nullable Long others(List<GpuProcess> processes, long workerPid) {
        return strangers(processes)
                ? null
                : Long.valueOf(processes.stream().filter(p -> p.pid() != workerPid).count());
    }

    private boolean strangers(List<GpuProcess> processes) {
        return processes.stream().anyMatch(p -> !visible.test(p.pid()));
    }

    private static @Nullable Long micro(@Nullable Long milli) {
        return milli == null ? null : Long.valueOf(milli * MICRO_PER_MILLI);
    }

    @Override
    public void close() {
        nvml.close();
    }
}
