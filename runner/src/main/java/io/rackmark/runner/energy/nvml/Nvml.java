package io.rackmark.runner.energy.nvml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of NVIDIA's management library. One thread at a time. */
public interface Nvml extends AutoCloseable {

    /** The GPUs, by index. */
    List<Gpu> gpus();

    /** Energy and power of a GPU now. */
    Draw draw(int index);

    /** Everything else about a GPU now. */
    State state(int index);

    @Override
    void close();

    /** A GPU board. */
    record Gpu(int index, String name) {}

    /**
     * Null where the GPU does not tell.
     *
     * @param energyMillijoules since the driver was loaded
     * @param powerMilliwatts of the board; on most GPUs since Ampere a mean over the last second
     */
    record Draw(@Nullable Long energyMillijoules, @Nullable Long powerMilliwatts) {}

    /**
     * Null where the GPU does not tell.
     *
     * @param smClockMegahertz of the multiprocessors
     * @param memoryClockMegahertz of the memory
     * @param celsius of the die
     * @param throttleReasons bits of nvmlClocksEventReasons
     * @param processes with a compute context on the GPU
     */
    record State(
            @Nullable Long smClockMegahertz,
            @Nullable Long memoryClockMegahertz,
            @Nullable Long celsius,
            @Nullable Long throttleReasons,
            @Nullable List<GpuProcess> processes) {}

    /**
     * A process with a compute context.
     *
     * @param pid as the driver sees it: outside of a container it is another number than inside
     * @param memoryBytes device memory; null when the driver does not tell
     */
    record GpuProcess(long pid, @Nullable Long memoryBytes) {}
}
