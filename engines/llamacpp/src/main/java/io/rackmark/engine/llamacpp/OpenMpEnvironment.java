package io.rackmark.engine.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bounds the spinning of libgomp's barriers. With its default every thread of a busy machine burns
 * its time slice in the barrier and decoding slows down by 10 to 50 times; 1000 rounds cost nothing
 * visible on a quiet one.
 */
final class OpenMpEnvironment {
    private static final String SPIN_COUNT = "GOMP_SPINCOUNT";
    private static final List<String> CHOSEN_BY_USER = List.of(SPIN_COUNT, "OMP_WAIT_POLICY");

    private OpenMpEnvironment() {}

    /** Sets the C environment, which libgomp reads when it is loaded; the user's values win. */
    static void prepare() {
        if (!userHasChosen(System.getenv())) {
            setEnvironment(SPIN_COUNT, "1000");
        }
    }

    static boolean userHasChosen(Map<String, String> environment) {
        return CHOSEN_BY_USER.stream().anyMatch(environment::containsKey);
    }

    private static void setEnvironment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        FunctionDescriptor type =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            new NativeFunction("setenv", linker.downcallHandle(setenv.get(), type))
                    .toInt(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        }
    }
}
