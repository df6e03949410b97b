package io.rackmark.runner.plan;

import org.jspecify.annotations.Nullable;

/**
 * Where a system answers that runs elsewhere.
 *
 * @param provider name in {@code providers.yaml}
 * @param url base address in place of the provider's; null takes the provider's
 * @param requestsPerMinute to keep to, in place of the provider's limit; null takes the provider's
 * @param server that is started for its cells; null when the endpoint is there already
 */
public record RemotePlan(
        String provider,
        @Nullable String url,
        @Nullable Integer requestsPerMinute,
        @Nullable ServerPlan server) {

    /** The provider of an address that was given without a name. */
    public static final String CUSTOM = "custom";

    /** An endpoint that is there already. */
    public RemotePlan(String provider, @Nullable String url) {
        this(provider, url, null, null);
    }

    /** A server that is started for the cells. */
    public static RemotePlan of(ServerPlan server) {
        return new RemotePlan(CUSTOM, null, null, server);
    }

    /** The same at another pace. */
    public RemotePlan withRequestsPerMinute(int requests) {
        return new RemotePlan(provider, url, requests, server);
    }
}
