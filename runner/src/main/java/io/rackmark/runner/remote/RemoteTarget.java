package io.rackmark.runner.remote;

import io.rackmark.engine.remote.Bounds;
import io.rackmark.engine.remote.Endpoint;
import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.provider.Price;
import io.rackmark.engine.remote.provider.Provider;
import io.rackmark.engine.remote.provider.RateLimits;
import io.rackmark.model.pull.ProxyRules;
import io.rackmark.runner.result.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model at an endpoint, ready to be asked.
 *
 * @param provider what is known of the endpoint's kind
 * @param endpoint where it is
 * @param model its name there
 */
public record RemoteTarget(Provider provider, Endpoint endpoint, String model) {

    /** The same model at an address that is known only now, such as that of a server just begun. */
    public RemoteTarget at(String url, Map<String, String> environment) {
        return new RemoteTarget(
                provider, provider.endpoint(endpoint.provider(), url, environment), model);
    }

    /** A client of the endpoint; must be closed. */
    public RemoteClient open() {
        return new RemoteClient(
                endpoint,
                provider.dialect(model),
                provider.waits(),
                Bounds.USUAL,
                ProxyRules.of(System.getenv(), System.getProperties()));
    }

    /** Its price; empty when not known. */
    public Optional<Price> price() {
        return provider.price(model);
    }

    /** What a reader must know of the system before its figures. */
    List<Property> facts() {
        List<Property> facts = new ArrayList<>();
        facts.add(new Property("provider", provider.title()));
        facts.add(new Property("endpoint", endpoint.url().toString()));
        Optional.ofNullable(provider.region())
                .ifPresent(region -> facts.add(new Property("region", region)));
        RateLimits pace = provider.pace();
        if (pace.requestsPerMinute() != null || pace.tokensPerMinute() != null) {
            facts.add(new Property("paced to", words(pace)));
        }
        facts.add(
                new Property(
                        "price",
                        price().map(RemoteTarget::words)
                                .orElse("unknown, so there is no cost; add it to providers.yaml")));
        return facts;
    }

    private static String words(RateLimits pace) {
        return Stream.of(
                        Optional.ofNullable(pace.requestsPerMinute()).map(n -> n + " requests"),
                        Optional.ofNullable(pace.tokensPerMinute()).map(n -> n + " tokens"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" and ", "", " per minute"));
    }

    private static String words(Price price) {
        return "%s/%s/%s USD per million tokens (input/cached/output), as of %s, %s"
                .formatted(
                        price.input(),
                        price.cachedInput() == null ? "–" : price.cachedInput(),
                        price.output(),
                        price.asOf(),
                        price.source());
    }
}
