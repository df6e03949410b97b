package io.rackmark.engine.decoder.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks NVIDIA's driver for its GPUs through its own library, which every driver brings. Makes no
 * context, so that nothing is allocated on a GPU, and heeds {@code CUDA_VISIBLE_DEVICES}.
 */
public final class CudaDriver {
    /** What to do when there is none, for the end of a sentence. */
    public static final String REMEDY =
            "install NVIDIA's driver, or show the GPU to this process (CUDA_VISIBLE_DEVICES, a"
                    + " container's --gpus)";

    private static final int CUDA_SUCCESS = 0;
    private static final int NAME_BYTES = 256;
    private static final int MOST_GPUS = 1024;
    private static final long MOST_MESSAGE_BYTES = 1024;

    private final Linker linker = Linker.nativeLinker();
    private final String library;
    private final SymbolLookup symbols;

    /** What the driver answered. */
    public sealed interface Answer {
        /**
         * @param gpus names, by ordinal; at least one
         */
        record Gpus(List<String> gpus) implements Answer {
            public Gpus {
                gpus = List.copyOf(gpus);
            }
        }

        /**
         * @param reason why there is none, without a full stop
         */
        record None(String reason) implements Answer {}
    }

    private CudaDriver(String library, SymbolLookup symbols) {
        this.library = library;
        this.symbols = symbols;
    }

    public static Answer ask() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return ask(windows ? "nvcuda.dll" : "libcuda.so.1");
    }

    /**
     * Asks another library.
     *
     * @param library file name or path
     */
    static Answer ask(String library) {
        try {
            // Never unloaded: the driver starts threads of its own.
            return new CudaDriver(library, SymbolLookup.libraryLookup(library, Arena.global()))
                    .answer();
        } catch (IllegalArgumentException e) {
            return new Answer.None("there is no NVIDIA driver here: no " + library);
        }
    }

    private Answer answer() {
        if (symbols.find("cuInit").isEmpty()) {
            return new Answer.None(library + " has no cuInit, so it is not NVIDIA's driver");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            int result = call("cuInit", JAVA_INT, 0);
            if (result == CUDA_SUCCESS) {
                result = call("cuDeviceGetCount", ADDRESS, number);
            }
            if (result != CUDA_SUCCESS) {
                return new Answer.None("the NVIDIA driver says: " + message(arena, result));
            }
            int count = Math.clamp(number.get(JAVA_INT, 0), 0, MOST_GPUS);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(name(arena, i));
            }
            return names.isEmpty()
                    ? new Answer.None("the NVIDIA driver shows no GPU to this process")
                    : new Answer.Gpus(names);
        } catch (Throwable e) {
            return new Answer.None("the NVIDIA driver cannot be asked: " + e);
        }
    }

    private String name(Arena arena, int ordinal) throws Throwable {
        MemorySegment device = arena.allocate(JAVA_INT);
        MemorySegment text = arena.allocate(NAME_BYTES);
        int found =
                (int)
                        function("cuDeviceGet", ADDRESS, JAVA_INT)
                                .invokeWithArguments(device, ordinal);
        if (found == CUDA_SUCCESS) {
            found =
                    (int)
                            function("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT)
                                    .invokeWithArguments(text, NAME_BYTES, device.get(JAVA_INT, 0));
        }
        return found == CUDA_SUCCESS ? text.getString(0) : "GPU " + ordinal;
    }

    private String message(Arena arena, int result) throws Throwable {
        MemorySegment pointer = arena.allocate(ADDRESS);
        int found =
                (int)
                        function("cuGetErrorString", JAVA_INT, ADDRESS)
                                .invokeWithArguments(result, pointer);
        return found == CUDA_SUCCESS
                ? pointer.get(ADDRESS, 0).reinterpret(MOST_MESSAGE_BYTES).getString(0)
                : "error " + result;
    }

    private int call(String name, MemoryLayout parameter, Object argument) throws Throwable {
        return (int) function(name, parameter).invokeWithArguments(argument);
    }

    private MethodHandle function(String name, MemoryLayout... parameters) {
        MemorySegment address =
                symbols.find(name)
                        .orElseThrow(() -> new IllegalStateException(library + " has no " + name));
        return linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters));
    }
}
