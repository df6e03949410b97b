package io.rackmark.runner.cli;

import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.plan.SystemPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that choose endpoints, for commands that can ask one. */
final class EndpointFlags {
    @Option(
            names = "--provider",
            split = ",",
            paramLabel = "P",
            description =
                    "endpoints that serve --model, see providers.yaml (plan: systems[].provider)")
    private List<String> providers = List.of();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "an endpoint's address, such as http://host:8000/v1 (plan: systems[].url)")
    private @Nullable String url;

    /** The endpoints the flags name, or none. */
    List<RemotePlan> endpoints() {
        if (providers.isEmpty() && url != null) {
            return List.of(new RemotePlan(RemotePlan.CUSTOM, url));
        }
        return providers.stream().map(provider -> new RemotePlan(provider, url)).toList();
    }

    /** This model on each of them. */
    List<SystemPlan> systems(String model) {
        return endpoints().stream().map(remote -> SystemPlan.remote(remote, model)).toList();
    }
}
