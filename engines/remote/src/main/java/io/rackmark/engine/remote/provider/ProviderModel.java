package io.rackmark.engine.remote.provider;

import io.rackmark.engine.remote.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one model at one provider.
 *
 * @param price null when not known
 * @param dialect what this model wants otherwise than the rest; null when nothing
 */
public record ProviderModel(@Nullable Price price, @Nullable Dialect dialect) {}
