package io.rackmark.engine.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the layouts that fit a library. The C API carries no version, so the library is asked to
 * fill its default parameters into a large buffer of canaries: how far it writes gives the struct's
 * size, and the values must be the tag's defaults.
 */
final class AbiCheck {
    private static final int BUFFER = 1024;
    private static final byte CANARY = (byte) 0xAB;

    /**
     * Stands for any struct: one too large for registers is returned through a hidden pointer, so a
     * function that fills a smaller struct can be called with it.
     */
    private static final StructLayout ANY =
            MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(BUFFER / Long.BYTES, ValueLayout.JAVA_LONG));

    private AbiCheck() {}

    static LlamaAbi identify(NativeSymbols symbols) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = defaults(symbols, "llama_model_default_params", arena);
            MemorySegment context = defaults(symbols, "llama_context_default_params", arena);
            Optional<Integer> build = buildNumber(symbols);
            return LlamaAbi.SUPPORTED.stream()
                    .filter(abi -> mismatches(abi, symbols, model, context).isEmpty())
                    .filter(abi -> build.map(abi::covers).orElse(true))
                    .findFirst()
                    .orElseThrow(() -> refusal(symbols, model, context, build));
        }
    }

    /** Where a library departs from a layout; nothing when it has that layout. */
    private static List<String> mismatches(
            LlamaAbi abi, NativeSymbols symbols, MemorySegment model, MemorySegment context) {
        List<String> found = new ArrayList<>();
        for (String symbol : abi.requiredSymbols()) {
            if (symbols.find(symbol).isEmpty()) {
                found.add("it has no function " + symbol);
            }
        }
        if (!abi.modelParams().fits(written(model))) {
            found.add("llama_model_params has %d bytes".formatted(written(model)));
        }
        if (!abi.contextParams().fits(written(context))) {
            found.add("llama_context_params has %d bytes".formatted(written(context)));
        }
        found.addAll(abi.modelParams().unexpected(model));
        found.addAll(abi.contextParams().unexpected(context));
        return found;
    }

    /** The tag's number; only libraries that contain llama.cpp's common part carry it. */
    static Optional<Integer> buildNumber(NativeSymbols symbols) {
        return symbols.find("LLAMA_BUILD_NUMBER")
                .map(s -> s.reinterpret(Integer.BYTES).get(ValueLayout.JAVA_INT, 0))
                .filter(number -> number > 0);
    }

    private static MemorySegment defaults(NativeSymbols symbols, String name, Arena arena) {
        MemorySegment buffer = arena.allocate(BUFFER, Long.BYTES);
        buffer.fill(CANARY);
        MethodHandle handle = symbols.handle(name, FunctionDescriptor.of(ANY));
        new NativeFunction(name, handle).toSegment((SegmentAllocator) (size, alignment) -> buffer);
        return buffer;
    }

    /** Bytes up to the last that is no canary. */
    static long written(MemorySegment buffer) {
        long end = buffer.byteSize();
        while (end > 0 && buffer.get(ValueLayout.JAVA_BYTE, end - 1) == CANARY) {
            end--;
        }
        return end;
    }

    private static UnusableLibraryException refusal(
            NativeSymbols symbols,
            MemorySegment model,
            MemorySegment context,
            Optional<Integer> build) {
        String departures =
                LlamaAbi.SUPPORTED.stream()
                        .map(abi -> departure(abi, mismatches(abi, symbols, model, context)))
                        .collect(Collectors.joining(", "));
        return new UnusableLibraryException(
                "%s is llama.cpp of an unsupported tag%s (%s); supported tags: %s"
                        .formatted(
                                symbols.library(),
                                build.map(number -> " b" + number).orElse(""),
                                departures,
                                LlamaAbi.supportedTags()),
                UnusableLibraryException.BUILD_REMEDY);
    }

    private static String departure(LlamaAbi abi, List<String> mismatches) {
        return "unlike %s: %s"
                .formatted(
                        abi.tag(),
                        mismatches.isEmpty() ? "its build number" : mismatches.getFirst());
    }
}
