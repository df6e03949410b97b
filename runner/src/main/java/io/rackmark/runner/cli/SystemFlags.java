package io.rackmark.runner.cli;

import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.plan.SystemPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that choose what is measured; each overrides its plan key for every system. */
final class SystemFlags {
    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "ID",
            description = "engines; default: all that can run here (plan: systems[].engine)")
    private List<String> engines = List.of();

    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            description = "model, or checkpoint directory (plan: systems[].model)")
    private @Nullable String model;

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "P",
            description = "such as f32, q8_0, int4 (plan: systems[].precision)")
    private List<String> precisions = List.of();

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "KV-cache capacity; 0: the model's own (plan: systems[].context)")
    private @Nullable Integer context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "compute threads; 0: the engine's choice (plan: systems[].threads)")
    private @Nullable Integer threads;

    @Option(
            names = "--device",
            paramLabel = "ID",
            description = "cpu, cuda:0, … (plan: systems[].device)")
    private @Nullable String device;

    @Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "engine option, see 'rackmark engines' (plan: systems[].options)")
    private Map<String, String> options = Map.of();

    @Option(
            names = "--llama-lib",
            paramLabel = "DIR",
            description =
                    "folder of your own libllama.so, for llamacpp (plan: systems[].options.lib)")
    private @Nullable Path llamaLibrary;

    /** The systems of this machine that the flags name, or none. */
    List<SystemPlan> systems() {
        return engines.stream().map(Defaults::system).toList();
    }

    /** The model the flags name, or an empty name. */
    String model() {
        return model == null ? "" : model;
    }

    /** A system with every given flag in place of the plan's value. */
    SystemPlan override(SystemPlan system) {
        RemotePlan remote = system.remote();
        if (remote != null && remote.server() != null) {
            return system;
        }
        if (remote != null) {
            return SystemPlan.remote(remote, model == null ? system.model() : model);
        }
        Map<String, String> merged = new LinkedHashMap<>(system.options());
        merged.putAll(options);
        if (llamaLibrary != null && system.engine().equals("llamacpp")) {
            merged.put("lib", llamaLibrary.toAbsolutePath().toString());
        }
        return new SystemPlan(
                system.engine(),
                model == null ? system.model() : model,
                precisions.isEmpty() ? system.precisions() : precisions,
                context == null ? system.contextTokens() : context,
                threads == null ? system.threads() : threads,
                device == null ? system.device() : device,
                merged);
    }
}
