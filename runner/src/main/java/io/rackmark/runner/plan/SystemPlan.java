package io.rackmark.runner.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One engine with one model, in one or more precisions.
 *
 * @param engine engine id
 * @param model catalogue name or path of a checkpoint directory
 * @param precisions labels; empty means all that the engine takes and the model can be had in
 * @param contextTokens KV-cache capacity, in tokens; 0 is the model's own context
 * @param threads compute threads; 0 lets the engine choose
 * @param device device id
 * @param options engine options
 */
public record SystemPlan(
        String engine,
        String model,
        List<String> precisions,
        int contextTokens,
        int threads,
        String device,
        Map<String, String> options) {

    public SystemPlan {
        precisions = List.copyOf(precisions);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }
}
