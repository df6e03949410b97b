package io.rackmark.runner.run;

import io.rackmark.engine.remote.provider.Provider;
import io.rackmark.engine.remote.provider.Providers;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.plan.ServerPlan;
import io.rackmark.runner.plan.SystemPlan;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.result.SystemUnderTest;
import io.rackmark.runner.server.ServerException;
import io.rackmark.runner.server.ServerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Endpoints by provider and address, with the keys of one environment. */
public final class RemoteStock {
    /** The user's file in the folder of the launcher. */
    public static final String FILE = "providers.yaml";

    private final Providers providers;
    private final Map<String, String> environment;

    /** Endpoints of these providers. */
    public RemoteStock(Providers providers, Map<String, String> environment) {
        this.providers = providers;
        this.environment = Map.copyOf(environment);
    }

    /**
     * The built-in providers with the user's file over them.
     *
     * @param named in place of the file in the launcher's folder; null takes that if it is there
     * @throws PlanException when the file is faulty
     */
    public static RemoteStock find(Home home, @Nullable Path named) {
        Path usual = home.root().resolve(FILE);
        @Nullable Path file = named == null && Files.exists(usual) ? usual : named;
        try {
            return new RemoteStock(
                    file == null ? Providers.builtIn() : Providers.with(file), System.getenv());
        } catch (IllegalArgumentException e) {
            throw new PlanException(List.of(String.valueOf(e.getMessage())));
        }
    }

    public Providers providers() {
        return providers;
    }

    /**
     * One endpoint; what is wrong with it goes to the faults, a missing key to the skipped.
     *
     * @return empty when it cannot be asked
     */
    Optional<ResolvedRemote> resolve(SystemPlan system, List<String> faults, List<String> skipped) {
        RemotePlan remote = Objects.requireNonNull(system.remote());
        Optional<Provider> found = providers.find(remote.provider());
        if (found.isEmpty()) {
            faults.add(unknown(remote.provider()));
            return Optional.empty();
        }
        @Nullable Integer perMinute = remote.requestsPerMinute();
        Provider provider =
                perMinute == null ? found.get() : found.get().withRequestsPerMinute(perMinute);
        ServerPlan server = remote.server();
        if (server != null) {
            return served(system, server, providers.find(server.preset()).orElse(provider), faults);
        }
        try {
            Optional<String> missing = provider.missingKey(environment);
            if (missing.isPresent()) {
                skipped.add(
                        "%s needs a key; set %s"
                                .formatted(id(remote, system.model()), missing.get()));
                return Optional.empty();
            }
            RemoteTarget target =
                    new RemoteTarget(
                            provider,
                            provider.endpoint(remote.provider(), remote.url(), environment),
                            system.model());
            return Optional.of(new ResolvedRemote(subject(remote, system.model()), system, target));
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * A server that will be started; its address is known only then, and no key is sent to it.
     *
     * @throws ServerException when its program is not here
     */
    private static Optional<ResolvedRemote> served(
            SystemPlan system, ServerPlan server, Provider provider, List<String> faults) {
        List<String> found = ServerSpec.faults(server);
        if (!found.isEmpty()) {
            faults.addAll(found);
            return Optional.empty();
        }
        ServerSpec spec = ServerSpec.of(server, Path.of(""));
        spec.requireProgram();
        RemoteTarget target =
                new RemoteTarget(
                        provider,
                        provider.endpoint(spec.title(), "http://127.0.0.1:1/v1", Map.of()),
                        server.model());
        return Optional.of(new ResolvedRemote(subject(spec, server), system, target));
    }

    /** Two servers that differ in options only are told apart by them. */
    private static SystemUnderTest subject(ServerSpec spec, ServerPlan server) {
        Map<String, String> told = new TreeMap<>(server.options());
        if (!server.arguments().isEmpty()) {
            told.put("args", String.join(" ", server.arguments()));
        }
        String base =
                server.model().isEmpty()
                        ? spec.name() + "/" + SystemUnderTest.SERVED
                        : "%s/%s/%s"
                                .formatted(
                                        spec.name(),
                                        server.model()
                                                .substring(server.model().lastIndexOf('/') + 1),
                                        SystemUnderTest.SERVED);
        String extra =
                told.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
        return new SystemUnderTest(
                extra.isEmpty() ? base : base + "[" + extra + "]",
                spec.name(),
                server.model(),
                SystemUnderTest.SERVED,
                "",
                "",
                false,
                told);
    }

    /**
     * One endpoint for a question beside a run.
     *
     * @throws PlanException when it cannot be asked
     */
    public RemoteTarget target(RemotePlan remote, String model) {
        List<String> faults = new ArrayList<>();
        return resolve(SystemPlan.remote(remote, model), faults, faults)
                .map(ResolvedRemote::target)
                .orElseThrow(() -> new PlanException(faults));
    }

    /** Names of the variables that hold a key here, and of those that do not, by provider. */
    public Map<String, Boolean> keys() {
        Map<String, Boolean> keys = new java.util.TreeMap<>();
        providers
                .byName()
                .values()
                .forEach(
                        provider -> {
                            String key = provider.key();
                            if (key != null) {
                                keys.put(key, !environment.getOrDefault(key, "").isBlank());
                            }
                        });
        return keys;
    }

    private String unknown(String name) {
        return "unknown provider '%s'; known: %s; add others to providers.yaml"
                .formatted(name, String.join(", ", providers.names()));
    }

    private static SystemUnderTest subject(RemotePlan remote, String model) {
        return new SystemUnderTest(
                id(remote, model),
                remote.provider(),
                model,
                SystemUnderTest.SERVED,
                "",
                "",
                false,
                remote.url() == null ? Map.of() : Map.of("url", remote.url()));
    }

    private static String id(RemotePlan remote, String model) {
        return "%s/%s/%s"
                .formatted(
                        remote.provider(),
                        model.substring(model.lastIndexOf('/') + 1),
                        SystemUnderTest.SERVED);
    }
}
