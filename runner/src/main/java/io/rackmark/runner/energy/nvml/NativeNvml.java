package io.rackmark.runner.energy.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Nvml} on the library of the installed driver. */
public final class NativeNvml implements Nvml {
    /** The driver's own name for its library on Linux. */
    public static final String LIBRARY = "libnvidia-ml.so.1";

    /** nvmlClockType_t */
    private static final int NVML_CLOCK_SM = 1;

    private static final int NVML_CLOCK_MEM = 2;

    /** nvmlTemperatureSensors_t */
    private static final int NVML_TEMPERATURE_GPU = 0;

    private static final int NVML_DEVICE_NAME_V2_BUFFER_SIZE = 96;

    /** Memory the driver does not tell, as on Windows: NVML_VALUE_NOT_AVAILABLE. */
    private static final long NVML_VALUE_NOT_AVAILABLE = -1;

    /** A GPU with more processes than this is no place to measure on. */
    private static final int MOST_PROCESSES = 1024;

    /** nvmlProcessInfo_t, 24 bytes. */
    static final StructLayout PROCESS_INFO =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("pid"),
                    MemoryLayout.paddingLayout(4),
                    JAVA_LONG.withName("usedGpuMemory"),
                    JAVA_INT.withName("gpuInstanceId"),
                    JAVA_INT.withName("computeInstanceId"));

    private static final long PID = PROCESS_INFO.byteOffset(PathElement.groupElement("pid"));
    private static final long MEMORY =
            PROCESS_INFO.byteOffset(PathElement.groupElement("usedGpuMemory"));

    private final Arena arena = Arena.ofShared();
    private final NvmlLibrary library;
    private final MethodHandle shutdown;
    private final MethodHandle energy;
    private final MethodHandle power;
    private final MethodHandle clock;
    private final MethodHandle temperature;
    private final MethodHandle throttle;
    private final MethodHandle processes;
    private final MemorySegment number = arena.allocate(JAVA_LONG);
    private MemorySegment infos = arena.allocate(PROCESS_INFO, 64); // [64] nvmlProcessInfo_t
    private int capacity = 64;
    private final List<Gpu> gpus = new ArrayList<>();
    private final List<MemorySegment> devices = new ArrayList<>(); // [gpus] nvmlDevice_t

    private NativeNvml(String name) {
        boolean done = false;
        try {
            library = NvmlLibrary.load(name, arena);
            shutdown = library.function("nvmlShutdown");
            energy = library.function("nvmlDeviceGetTotalEnergyConsumption", ADDRESS, ADDRESS);
            power = library.function("nvmlDeviceGetPowerUsage", ADDRESS, ADDRESS);
            clock = library.function("nvmlDeviceGetClockInfo", ADDRESS, JAVA_INT, ADDRESS);
            temperature = library.function("nvmlDeviceGetTemperature", ADDRESS, JAVA_INT, ADDRESS);
            // Drivers before API version 12 know the reasons under their old name only.
            throttle =
                    library.optional("nvmlDeviceGetCurrentClocksEventReasons", ADDRESS, ADDRESS)
                            .orElseGet(
                                    () ->
                                            library.function(
                                                    "nvmlDeviceGetCurrentClocksThrottleReasons",
                                                    ADDRESS,
                                                    ADDRESS));
            processes =
                    library.function(
                            "nvmlDeviceGetComputeRunningProcesses_v3", ADDRESS, ADDRESS, ADDRESS);
            require(call(library.function("nvmlInit_v2")));
            findGpus();
            done = true;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    /**
     * Loads the library and counts the GPUs.
     *
     * @param name file name or path of the library
     * @throws NvmlException when there is no library, no driver or no permission
     */
    public static Nvml open(String name) {
        return new NativeNvml(name);
    }

    private void findGpus() {
        require(call(library.function("nvmlDeviceGetCount_v2", ADDRESS), number));
        int count = number.get(JAVA_INT, 0);
        MethodHandle handle = library.function("nvmlDeviceGetHandleByIndex_v2", JAVA_INT, ADDRESS);
        MethodHandle name = library.function("nvmlDeviceGetName", ADDRESS, ADDRESS, JAVA_INT);
        MemorySegment device = arena.allocate(ADDRESS);
        MemorySegment text = arena.allocate(NVML_DEVICE_NAME_V2_BUFFER_SIZE);
        for (int i = 0; i < count; i++) {
            if (call(handle, i, device) != NvmlLibrary.NVML_SUCCESS) {
                continue; // a GPU this user may not touch
            }
            MemorySegment found = device.get(ADDRESS, 0);
            require(call(name, found, text, NVML_DEVICE_NAME_V2_BUFFER_SIZE));
            devices.add(found);
            gpus.add(new Gpu(i, text.getString(0, StandardCharsets.US_ASCII)));
        }
    }

    @Override
    public List<Gpu> gpus() {
        return List.copyOf(gpus);
    }

    @Override
    public Draw draw(int index) {
        MemorySegment device = device(index);
        return new Draw(longOf(call(energy, device, number)), intOf(call(power, device, number)));
    }

    @Override
    public State state(int index) {
        MemorySegment device = device(index);
        return new State(
                intOf(call(clock, device, NVML_CLOCK_SM, number)),
                intOf(call(clock, device, NVML_CLOCK_MEM, number)),
                intOf(call(temperature, device, NVML_TEMPERATURE_GPU, number)),
                longOf(call(throttle, device, number)),
                processes(device));
    }

    private MemorySegment device(int index) {
        for (int i = 0; i < gpus.size(); i++) {
            if (gpus.get(i).index() == index) {
                return devices.get(i);
            }
        }
        throw new IllegalArgumentException("no GPU " + index);
    }

    /** Asks again with more room while there are more processes than expected. */
    private @Nullable List<GpuProcess> processes(MemorySegment device) {
        while (true) {
            number.set(JAVA_INT, 0, capacity);
            int result = call(processes, device, number, infos);
            int count = number.get(JAVA_INT, 0);
            if (result == NvmlLibrary.NVML_SUCCESS && count >= 0 && count <= capacity) {
                return read(count);
            }
            if (result != NvmlLibrary.NVML_ERROR_INSUFFICIENT_SIZE || capacity >= MOST_PROCESSES) {
                return null;
            }
            capacity *= 2;
            infos = arena.allocate(PROCESS_INFO, capacity);
        }
    }

    private List<GpuProcess> read(int count) {
        List<GpuProcess> found = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = i * PROCESS_INFO.byteSize();
            long memory = infos.get(JAVA_LONG, at + MEMORY);
            found.add(
                    new GpuProcess(
                            Integer.toUnsignedLong(infos.get(JAVA_INT, at + PID)),
                            memory == NVML_VALUE_NOT_AVAILABLE ? null : memory));
        }
        return found;
    }

    private @Nullable Long intOf(int result) {
        return result == NvmlLibrary.NVML_SUCCESS
                ? Long.valueOf(Integer.toUnsignedLong(number.get(JAVA_INT, 0)))
                : null;
    }

    private @Nullable Long longOf(int result) {
        return result == NvmlLibrary.NVML_SUCCESS ? Long.valueOf(number.get(JAVA_LONG, 0)) : null;
    }

    private void require(int result) {
        if (result != NvmlLibrary.NVML_SUCCESS) {
            throw new NvmlException(library.error(result));
        }
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            int _ = call(shutdown);
            arena.close();
        }
    }
}
