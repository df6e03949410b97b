package io.rackmark.engine.remote;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an endpoint's requests differ from the common ones. Null leaves the common way, so that a
 * model's dialect can stand over its provider's.
 *
 * @param auth scheme of the authorisation header; {@code Bearer} when null
 * @param maxTokens name of the output limit: {@code max_tokens} when null, or {@code
 *     max_completion_tokens}
 * @param streamUsage whether {@code stream_options.include_usage} is asked for; true when null
 * @param temperature whether temperature 0 is sent; true when null, false for models that refuse it
 * @param reasoningEffort sent as it stands; not sent when null
 * @param responseFormat {@code json_object} forces JSON; not sent when null
 * @param headers sent with every request; never a secret
 * @param body members added to every request's body
 */
public record Dialect(
        @Nullable String auth,
        @Nullable String maxTokens,
        @Nullable Boolean streamUsage,
        @Nullable Boolean temperature,
        @Nullable String reasoningEffort,
        @Nullable String responseFormat,
        @Nullable Map<String, String> headers,
        @Nullable ObjectNode body) {

    /** Nothing out of the common. */
    public static final Dialect COMMON =
            new Dialect(null, null, null, null, null, null, null, null);

    public Dialect {
        headers = headers == null ? null : Collections.unmodifiableMap(new TreeMap<>(headers));
        body = body == null ? null : body.deepCopy();
        if (headers != null && headers.keySet().stream().anyMatch(Dialect::secret)) {
            throw new IllegalArgumentException(
                    "headers must not hold an authorisation; name the variable with the key under"
                            + " 'key'");
        }
    }

    /** This dialect where it says something, else the other. */
    public Dialect over(Dialect other) {
        return new Dialect(
                auth == null ? other.auth : auth,
                maxTokens == null ? other.maxTokens : maxTokens,
                streamUsage == null ? other.streamUsage : streamUsage,
                temperature == null ? other.temperature : temperature,
                reasoningEffort == null ? other.reasoningEffort : reasoningEffort,
                responseFormat == null ? other.responseFormat : responseFormat,
                headers == null ? other.headers : headers,
                body == null ? other.body : body);
    }

    private static boolean secret(String header) {
        return header.equalsIgnoreCase("Authorization")
                || header.equalsIgnoreCase("api-key")
                || header.equalsIgnoreCase("x-api-key");
    }
}
