package io.rackmark.engine;

import java.util.List;
import java.util.Optional;

/** Whether an engine can run here. */
public sealed interface Availability {

    /**
     * Name of the fact that tells why a build computes on no GPU and what to do about it; absent
     * where it does.
     */
    String NO_GPU = "no-gpu";

    /**
     * @param version of the native library, such as {@code b4916}
     * @param devices it can compute on, best first
     * @param facts what identifies the build: library path, SHA-256, system info
     */
    record Available(String version, List<Device> devices, List<Fact> facts)
            implements Availability {
        public Available {
            devices = List.copyOf(devices);
            facts = List.copyOf(facts);
        }

        /** Why this build computes on no GPU, and what to do about it. */
        public Optional<String> noGpu() {
            return facts.stream().filter(f -> f.name().equals(NO_GPU)).map(Fact::value).findFirst();
        }
    }

    /**
     * @param reason why not, one sentence
     * @param remedy what to do about it, one sentence
     */
    record Unavailable(String reason, String remedy) implements Availability {}
}
