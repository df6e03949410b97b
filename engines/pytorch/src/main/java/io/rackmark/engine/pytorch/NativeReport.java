package io.rackmark.engine.pytorch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rackmark.engine.Fact;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What libtorch says about itself; DJL binds none of these functions. Each returns a {@code
 * std::string}, which on x86-64 Linux means: the caller hands over room for one.
 */
final class NativeReport {
    /** {@code std::string} of libstdc++: pointer, length, 16 bytes for short texts. */
    private static final long STRING_BYTES = 32;

    private static final FunctionDescriptor RETURNS_STRING = FunctionDescriptor.ofVoid(ADDRESS);
    private static final long MOST_TEXT_BYTES = 1 << 20;

    private final SymbolLookup symbols;

    private NativeReport(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** Facts about the library, which must be loaded already. */
    static List<Fact> facts(Path library) {
        NativeReport report = new NativeReport(SymbolLookup.libraryLookup(library, Arena.global()));
        List<Fact> facts = new ArrayList<>();
        report.text("get_cpu_capability").ifPresent(t -> facts.add(new Fact("cpu-capability", t)));
        report.text("show_config").ifPresent(t -> facts.add(new Fact("blas", BuildConfig.blas(t))));
        report.text("get_mkl_version").ifPresent(t -> facts.add(new Fact("mkl", t)));
        report.text("get_mkldnn_version").ifPresent(t -> facts.add(new Fact("onednn", t)));
        return facts;
    }

    private Optional<String> text(String function) {
        String mangled = "_ZN2at%d%sB5cxx11Ev".formatted(function.length(), function);
        return symbols.find(mangled).map(NativeReport::call).map(String::strip);
    }

    /** The text's own memory, a few hundred bytes, is left to the process. */
    private static String call(MemorySegment function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment string = arena.allocate(STRING_BYTES, JAVA_LONG.byteAlignment());
            Linker.nativeLinker().downcallHandle(function, RETURNS_STRING).invokeExact(string);
            long length = string.get(JAVA_LONG, ADDRESS.byteSize());
            MemorySegment characters =
                    string.get(ADDRESS, 0).reinterpret(Math.clamp(length, 0, MOST_TEXT_BYTES));
            return new String(characters.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        } catch (Throwable e) {
            return "unknown: " + e;
        }
    }
}
