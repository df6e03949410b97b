package io.rackmark.engine.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/** The symbols of one native library, which stays loaded until the process ends. */
final class NativeSymbols {
    private static final int RTLD_NOW = 2;

    private final Linker linker = Linker.nativeLinker();
    private final Path library;
    private final SymbolLookup lookup;

    private NativeSymbols(Path library, SymbolLookup lookup) {
        this.library = library;
        this.lookup = lookup;
    }

    /** Loads a library without running any JNI_OnLoad. */
    static NativeSymbols open(Path library) {
        OpenMpEnvironment.prepare();
        try {
            return new NativeSymbols(library, SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new UnusableLibraryException(
                    "%s cannot be loaded: %s"
                            .formatted(library, loaderMessage(library).orElse(e.getMessage())),
                    "install what it needs (libgomp.so.1 is in the package libgomp1) or name"
                            + " another library with --llama-lib");
        }
    }

    Path library() {
        return library;
    }

    Optional<MemorySegment> find(String symbol) {
        return lookup.find(symbol);
    }

    MethodHandle handle(String symbol, FunctionDescriptor type) {
        MemorySegment address =
                find(symbol)
                        .orElseThrow(
                                () ->
                                        new UnusableLibraryException(
                                                "%s has no function %s, so it is not llama.cpp of"
                                                                .formatted(library, symbol)
                                                        + " a supported tag ("
                                                        + LlamaAbi.supportedTags()
                                                        + ")",
                                                UnusableLibraryException.BUILD_REMEDY));
        return linker.downcallHandle(address, type);
    }

    NativeFunction function(String symbol, FunctionDescriptor type) {
        return new NativeFunction(symbol, handle(symbol, type));
    }

    /** The loader's own words; the JDK drops them. */
    private static Optional<String> loaderMessage(Path library) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        Optional<MemorySegment> dlopen = system.find("dlopen");
        Optional<MemorySegment> dlerror = system.find("dlerror");
        if (dlopen.isEmpty() || dlerror.isEmpty()) {
            return Optional.empty();
        }
        NativeFunction open =
                new NativeFunction(
                        "dlopen",
                        linker.downcallHandle(
                                dlopen.get(),
                                FunctionDescriptor.of(
                                        ValueLayout.ADDRESS,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_INT)));
        NativeFunction error =
                new NativeFunction(
                        "dlerror",
                        linker.downcallHandle(
                                dlerror.get(), FunctionDescriptor.of(ValueLayout.ADDRESS)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = open.toSegment(arena.allocateFrom(library.toString()), RTLD_NOW);
            return handle.address() == 0
                    ? Optional.of(error.toText()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        }
    }
}
