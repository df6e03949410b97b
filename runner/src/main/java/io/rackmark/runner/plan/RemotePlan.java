package io.rackmark.runner.plan;

import org.jspecify.annotations.Nullable;

/**
 * Where a system answers that runs elsewhere.
 *
 * @param provider name in {@code providers.yaml}
 * @param url base address in place of the provider's; null takes the provider's
 */
public record RemotePlan(String provider, @Nullable String url) {

    /** The provider of an address that was given without a name. */
    public static final String CUSTOM = "custom";
}
