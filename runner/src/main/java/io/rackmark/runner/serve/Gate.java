package io.rackmark.runner.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. Without a key, a web page must not reach the server through its visitor's browser:
 * such requests carry an origin that is not this machine, or a body that is not declared as JSON.
 */
final class Gate {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "Bearer ";

    private final byte @Nullable [] key;

    Gate(@Nullable String key) {
        this.key = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @throws ApiException 401 without the key, 403 for a foreign origin, 415 for another type of
     *     body
     */
    void check(Exchange.Request request) {
        HttpHeaders headers = request.headers();
        if (key == null) {
            requireLocal(headers.get(HttpHeaderNames.ORIGIN));
        } else {
            requireKey(headers.get(HttpHeaderNames.AUTHORIZATION), key);
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        if (request.method().equals("POST")
                && !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
            throw ApiException.refused(
                    415, null, "The body must be declared as Content-Type: application/json");
        }
    }

    private static void requireKey(@Nullable String header, byte[] key) {
        byte[] given =
                header == null || !header.startsWith(BEARER)
                        ? new byte[0]
                        : header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, key)) {
            throw ApiException.refused(
                    401,
                    "invalid_api_key",
                    "The key is missing or wrong; send it as 'Authorization: Bearer KEY'");
        }
    }

    private static void requireLocal(@Nullable String origin) {
        try {
            String host = origin == null ? "localhost" : new URI(origin).getHost();
            if (host != null && LOCAL.contains(host)) {
                return;
            }
        } catch (URISyntaxException e) {
            // As foreign as any other.
        }
        throw ApiException.refused(
                403, null, "A page of another origin may not ask a server without a key");
    }
}
