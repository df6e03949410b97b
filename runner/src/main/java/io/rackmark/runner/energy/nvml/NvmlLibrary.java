package io.rackmark.runner.energy.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The functions of libnvidia-ml by name; every one of them returns an nvmlReturn_t. */
final class NvmlLibrary {
    /** nvmlReturn_t */
    static final int NVML_SUCCESS = 0;

    /** nvmlReturn_t */
    static final int NVML_ERROR_INSUFFICIENT_SIZE = 7;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout[] NO_ARGUMENTS = {};

    private final SymbolLookup symbols;
    private final MethodHandle errorString;

    private NvmlLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
        // const DECLDIR char* nvmlErrorString(nvmlReturn_t result)
        this.errorString =
                LINKER.downcallHandle(
                        symbols.findOrThrow("nvmlErrorString"),
                        FunctionDescriptor.of(
                                ADDRESS.withTargetLayout(
                                        MemoryLayout.sequenceLayout(
                                                1024, java.lang.foreign.ValueLayout.JAVA_BYTE)),
                                JAVA_INT));
    }

    /**
     * Loads a library by name or path.
     *
     * @throws NvmlException when it is not there or lacks a function
     */
    static NvmlLibrary load(String name, Arena arena) {
        try {
            return new NvmlLibrary(SymbolLookup.libraryLookup(name, arena));
        } catch (IllegalArgumentException e) {
            throw new NvmlException(name + " is not installed", e);
        } catch (java.util.NoSuchElementException e) {
            throw new NvmlException(name + " is not NVIDIA's management library", e);
        }
    }

    /** A function without arguments. */
    MethodHandle function(String name) {
        return function(name, NO_ARGUMENTS);
    }

    MethodHandle function(String name, MemoryLayout... arguments) {
        return optional(name, arguments)
                .orElseThrow(() -> new NvmlException("the NVIDIA driver is too old: no " + name));
    }

    Optional<MethodHandle> optional(String name, MemoryLayout... arguments) {
        return symbols.find(name)
                .map(
                        address ->
                                LINKER.downcallHandle(
                                        address, FunctionDescriptor.of(JAVA_INT, arguments)));
    }

    /** The library's words for a return value. */
    String error(int code) {
        try {
            MemorySegment text = (MemorySegment) errorString.invokeExact(code);
            return text.getString(0, StandardCharsets.US_ASCII);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
