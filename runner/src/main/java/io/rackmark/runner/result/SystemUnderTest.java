package io.rackmark.runner.result;

import java.util.Map;
import java.util.TreeMap;

/**
 * One engine with one model in one precision and one set of options.
 *
 * @param id unique in the run: {@code llamacpp/embedded/f16}
 * @param engine engine id, or a provider's name
 * @param model model name
 * @param precision precision label
 * @param modelSha256 of the source checkpoint's weights, hex; empty when they lie elsewhere
 * @param weightsSha256 of the file the engine loads, hex; empty when it lies elsewhere
 * @param synthetic whether the weights are random: speed only, never accuracy
 * @param options engine options as the plan gave them
 */
public record SystemUnderTest(
        String id,
        String engine,
        String model,
        String precision,
        String modelSha256,
        String weightsSha256,
        boolean synthetic,
        Map<String, String> options) {
    /** Precision of weights that lie elsewhere and of which nothing is told. */
    public static final String SERVED = "served";

    /** Whether it runs elsewhere. */
    public boolean remote() {
        return precision.equals(SERVED);
    }

    public SystemUnderTest {
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    }
}
