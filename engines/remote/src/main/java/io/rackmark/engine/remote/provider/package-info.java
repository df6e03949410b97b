/**
 * What is known of providers before anybody asks them: addresses, key variables, dialects, limits
 * and prices, as data. Entry type: {@link io.rackmark.engine.remote.provider.Providers}.
 */
@NullMarked
package io.rackmark.engine.remote.provider;

import org.jspecify.annotations.NullMarked;
