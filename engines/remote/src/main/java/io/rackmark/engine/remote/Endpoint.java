package io.rackmark.engine.remote;

import java.net.URI;
import java.util.Optional;

/**
 * Where requests go.
 *
 * @param provider name for messages and results
 * @param url base address, such as {@code https://host/v1}; the dialect's paths are added to it
 * @param key sent with every request when present
 * @param keyVariable where the key comes from, for messages; empty when none is needed
 * @param plainKey whether the key may go over an unencrypted connection to another machine
 */
public record Endpoint(
        String provider, URI url, Optional<ApiKey> key, String keyVariable, boolean plainKey) {

    public Endpoint {
        String scheme = url.getScheme();
        if ((!"http".equals(scheme) && !"https".equals(scheme)) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "the address of %s is not usable; write http(s)://HOST[:PORT]/PATH"
                            .formatted(provider));
        }
        if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    "the address of %s must hold no password and no query; put the key into an environment variable"
                            .formatted(provider));
        }
    }

    /** Whether the key would travel readable by others. */
    boolean exposesKey() {
        return key.isPresent() && "http".equals(url.getScheme()) && !plainKey && !onThisMachine();
    }

    private boolean onThisMachine() {
        String host = url.getHost();
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }
}
