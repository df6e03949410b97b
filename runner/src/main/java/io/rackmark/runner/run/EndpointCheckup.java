package io.rackmark.runner.run;

import io.rackmark.engine.Message;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteException;
import io.rackmark.engine.remote.RemoteFailure;
import io.rackmark.engine.remote.RemoteModel;
import io.rackmark.engine.remote.RemoteRequest;
import io.rackmark.engine.remote.RemoteResult;
import io.rackmark.engine.remote.StreamEvent;
import io.rackmark.engine.remote.provider.Provider;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.run.Checkup.Finding;
import io.rackmark.runner.run.Checkup.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which keys are here, without showing them, and whether the endpoints answer. */
public final class EndpointCheckup {
    private static final int PROBE_TOKENS = 8;

    private final RemoteStock endpoints;
    private final Map<String, String> environment;

    public EndpointCheckup(RemoteStock endpoints, Map<String, String> environment) {
        this.endpoints = endpoints;
        this.environment = Map.copyOf(environment);
    }

    /**
     * What was found.
     *
     * @param probe whether each configured endpoint is sent one tiny request; without it nothing
     *     leaves this machine
     */
    public List<Finding> findings(boolean probe) {
        List<Finding> findings = new ArrayList<>();
        List<String> set = new ArrayList<>();
        List<String> unset = new ArrayList<>();
        endpoints.keys().forEach((name, present) -> (present ? set : unset).add(name));
        findings.add(
                new Finding(
                        set.isEmpty() ? Grade.ABSENT : Grade.GOOD,
                        "API keys",
                        "%s; not set: %s"
                                .formatted(
                                        set.isEmpty()
                                                ? "none is set"
                                                : "set: " + String.join(", ", set),
                                        String.join(", ", unset))));
        if (probe) {
            endpoints.providers().byName().forEach((name, p) -> probe(findings, name, p));
        }
        return findings;
    }

    private void probe(List<Finding> findings, String name, Provider provider) {
        if (provider.url() == null || provider.missingKey(environment).isPresent()) {
            return;
        }
        String subject = "endpoint " + name;
        RemoteTarget target =
                new RemoteTarget(provider, provider.endpoint(name, null, environment), "");
        try (RemoteClient client = target.open()) {
            List<RemoteModel> served = client.models();
            if (served.isEmpty()) {
                findings.add(new Finding(Grade.CAUTION, subject, "it serves no model"));
                return;
            }
            String model =
                    provider.models() == null || provider.models().isEmpty()
                            ? served.getFirst().id()
                            : provider.models().keySet().iterator().next();
            findings.add(answer(subject, client, model));
        } catch (RemoteException e) {
            boolean here = "127.0.0.1".equals(target.endpoint().url().getHost());
            boolean down = e.failure().kind() == RemoteFailure.Kind.UNREACHABLE;
            findings.add(
                    new Finding(
                            here && down ? Grade.ABSENT : Grade.CAUTION,
                            subject,
                            e.failure().message()));
        }
    }

    private static Finding answer(String subject, RemoteClient client, String model) {
        RemoteResult result =
                client.send(
                        RemoteRequest.chat(
                                model,
                                List.of(new Message(Message.Role.USER, "Say yes.")),
                                PROBE_TOKENS));
        @Nullable RemoteFailure failure = result.failure();
        if (failure != null) {
            return new Finding(Grade.CAUTION, subject, model + ": " + failure.message());
        }
        List<String> faults = new ArrayList<>();
        if (result.usage() == null) {
            faults.add("it counts no tokens, so there is no cost; see stream-usage");
        }
        String first =
                result.timeline().events().stream()
                        .filter(e -> e.chars() > 0)
                        .map(StreamEvent::nanos)
                        .findFirst()
                        .map(at -> (at - result.timeline().sentNanos()) / 1e6)
                        .map(ms -> "%.0f ms to the first token".formatted(ms))
                        .orElse("no text");
        return new Finding(
                faults.isEmpty() ? Grade.GOOD : Grade.CAUTION,
                subject,
                String.format(
                        Locale.ROOT,
                        "%s answers, %s%s",
                        model,
                        first,
                        faults.isEmpty() ? "" : "; " + String.join("; ", faults)));
    }
}
