package io.rackmark.engine.remote;

import org.jspecify.annotations.Nullable;

/**
 * Where the time went before the first byte of the body, in nanoseconds; null where it did not
 * happen.
 *
 * @param reused whether a standing connection was used: then there is no DNS, connect and TLS
 * @param dnsNanos name to addresses
 * @param connectNanos TCP handshake
 * @param tlsNanos TLS handshake
 * @param requestNanos sent → last byte of the request handed to the system
 * @param headersNanos sent → response headers arrived
 */
public record Network(
        boolean reused,
        @Nullable Long dnsNanos,
        @Nullable Long connectNanos,
        @Nullable Long tlsNanos,
        @Nullable Long requestNanos,
        @Nullable Long headersNanos) {}
