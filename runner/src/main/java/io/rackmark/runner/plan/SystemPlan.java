package io.rackmark.runner.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One engine with one model, in one or more precisions; or one model at an endpoint.
 *
 * @param engine engine id; of an endpoint the provider's name
 * @param model catalogue name or path of a checkpoint directory
 * @param precisions labels; empty means all that the engine takes and the model can be had in
 * @param contextTokens KV-cache capacity, in tokens; 0 is the model's own context
 * @param threads compute threads; 0 lets the engine choose
 * @param device device id
 * @param options engine options
 * @param remote the endpoint; null for an engine of this machine
 */
public record SystemPlan(
        String engine,
        String model,
        List<String> precisions,
        int contextTokens,
        int threads,
        String device,
        Map<String, String> options,
        @Nullable RemotePlan remote) {

    public SystemPlan {
        precisions = List.copyOf(precisions);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** An engine of this machine. */
    public SystemPlan(
            String engine,
            String model,
            List<String> precisions,
            int contextTokens,
            int threads,
            String device,
            Map<String, String> options) {
        this(engine, model, precisions, contextTokens, threads, device, options, null);
    }

    /**
     * A model at an endpoint. What an engine of this machine could be told does not apply.
     *
     * @param model its name there
     */
    public static SystemPlan remote(RemotePlan remote, String model) {
        return new SystemPlan(remote.provider(), model, List.of(), 0, 0, "", Map.of(), remote);
    }
}
