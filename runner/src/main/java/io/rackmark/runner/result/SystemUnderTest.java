package io.rackmark.runner.result;

import java.util.Map;
import java.util.TreeMap;

/**
 * One engine with one model in one precision and one set of options.
 *
 * @param id unique in the run: {@code llamacpp/embedded/f16}
 * @param engine engine id
 * @param model model name
 * @param precision precision label
 * @param modelSha256 of the source checkpoint's weights, hex
 * @param weightsSha256 of the file the engine loads, hex
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
    public SystemUnderTest {
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    }
}
