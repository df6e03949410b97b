package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * {@code struct OrtApi}: pointers to functions, in an order that only grows from version to
 * version. Taken from a library of the one version whose header the indices were read from.
 */
final class FunctionTable {
    /** {@code ORT_API_VERSION} of the header. */
    static final int API_VERSION = 29;

    /** {@code GetVersionString()} of a library of that version begins so. */
    static final String LIBRARY_VERSION = "1.29.";

    /** Functions in the header's struct. */
    private static final int FUNCTIONS = 425;

    private static final long MOST_VERSION_BYTES = 64;

    private final Linker linker = Linker.nativeLinker();
    private final MemorySegment functions; // [FUNCTIONS] pointers
    private final String version;

    private FunctionTable(Path library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        MemorySegment getBase =
                symbols.find("OrtGetApiBase")
                        .orElseThrow(() -> unusable("%s has no OrtGetApiBase".formatted(library)));
        try {
            // struct OrtApiBase { GetApi, GetVersionString }
            MemorySegment base =
                    pointer(linker.downcallHandle(getBase, FunctionDescriptor.of(ADDRESS)))
                            .reinterpret(2 * ADDRESS.byteSize());
            version =
                    pointer(
                                    linker.downcallHandle(
                                            base.getAtIndex(ADDRESS, 1),
                                            FunctionDescriptor.of(ADDRESS)))
                            .reinterpret(MOST_VERSION_BYTES)
                            .getString(0);
            requireVersion(version);
            MethodHandle getApi =
                    linker.downcallHandle(
                            base.getAtIndex(ADDRESS, 0), FunctionDescriptor.of(ADDRESS, JAVA_INT));
            MemorySegment api = (MemorySegment) getApi.invokeExact(API_VERSION);
            if (api.address() == 0) {
                throw unusable("%s offers no API of version %d".formatted(library, API_VERSION));
            }
            functions = api.reinterpret(FUNCTIONS * ADDRESS.byteSize());
        } catch (Throwable e) {
            throw Statuses.unexpected(e);
        }
    }

    /**
     * The table of a library, which stays loaded.
     *
     * @throws EngineException of kind {@code UNAVAILABLE} when it is of another version
     */
    static FunctionTable of(Path library) {
        return new FunctionTable(library);
    }

    private static MemorySegment pointer(MethodHandle function) throws Throwable {
        return (MemorySegment) function.invokeExact();
    }

    static void requireVersion(String version) {
        if (!version.startsWith(LIBRARY_VERSION)) {
            throw unusable(
                    "its C API is known in version %sx, this library is %s"
                            .formatted(LIBRARY_VERSION, version));
        }
    }

    private static EngineException unusable(String why) {
        return new EngineException(
                Kind.UNAVAILABLE,
                "ONNX Runtime cannot be bound to device memory: %s; take the library that Rackmark"
                                .formatted(why)
                        + " ships, or option binding=java on the CPU");
    }

    String version() {
        return version;
    }

    MethodHandle handle(int index, FunctionDescriptor type) {
        return linker.downcallHandle(functions.getAtIndex(ADDRESS, index), type);
    }
}
