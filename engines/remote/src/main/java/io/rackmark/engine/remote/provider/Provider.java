package io.rackmark.engine.remote.provider;

import io.rackmark.engine.remote.ApiKey;
import io.rackmark.engine.remote.Deadlines;
import io.rackmark.engine.remote.Dialect;
import io.rackmark.engine.remote.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One provider as its file describes it.
 *
 * @param title for people
 * @param url base address; null when each account has its own, which a plan must name
 * @param key environment variable with the key; null when there is none
 * @param keyOptional whether it also answers without a key
 * @param plainKey whether the key may travel unencrypted to another machine
 * @param region where it computes; null when not known
 * @param limits rate limits of an account
 * @param deadlines other than the usual ones, in seconds
 * @param dialect how its requests differ from the common ones
 * @param models by name at the endpoint
 */
public record Provider(
        String title,
        @Nullable String url,
        @Nullable String key,
        boolean keyOptional,
        boolean plainKey,
        @Nullable String region,
        @Nullable RateLimits limits,
        @Nullable Seconds deadlines,
        @Nullable Dialect dialect,
        @Nullable Map<String, ProviderModel> models) {

    /**
     * Deadlines in seconds; null leaves the usual one.
     *
     * @param connect until a connection stands
     * @param silence between two bytes
     * @param total for a whole answer
     */
    public record Seconds(
            @Nullable Integer connect, @Nullable Integer silence, @Nullable Integer total) {}

    public Provider {
        Objects.requireNonNull(title, "title");
        models = models == null ? Map.of() : new TreeMap<>(models);
    }

    /** What is known of a model; empty when nothing is. */
    public Optional<ProviderModel> model(String name) {
        return Optional.ofNullable(models).flatMap(m -> Optional.ofNullable(m.get(name)));
    }

    /** Its price; empty when not known. */
    public Optional<Price> price(String model) {
        return model(model).flatMap(m -> Optional.ofNullable(m.price()));
    }

    /** How to speak to this model. */
    public Dialect dialect(String model) {
        Dialect mine = Objects.requireNonNullElse(dialect, Dialect.COMMON);
        return model(model)
                .flatMap(m -> Optional.ofNullable(m.dialect()))
                .map(own -> own.over(mine))
                .orElse(mine);
    }

    /** The limits of an account; none known are none. */
    public RateLimits pace() {
        return Objects.requireNonNullElse(limits, RateLimits.NONE);
    }

    /** The same with another limit of requests. */
    public Provider withRequestsPerMinute(int requests) {
        return new Provider(
                title,
                url,
                key,
                keyOptional,
                plainKey,
                region,
                new RateLimits(requests, pace().tokensPerMinute()),
                deadlines,
                dialect,
                models);
    }

    /** How long to wait. */
    public Deadlines waits() {
        Deadlines usual = Deadlines.USUAL;
        if (deadlines == null) {
            return usual;
        }
        return new Deadlines(
                or(deadlines.connect(), usual.connect()),
                or(deadlines.silence(), usual.silence()),
                or(deadlines.total(), usual.total()));
    }

    private static Duration or(@Nullable Integer seconds, Duration usual) {
        return seconds == null ? usual : Duration.ofSeconds(seconds);
    }

    /** The variable that must be set and is not; empty when a request can be sent. */
    public Optional<String> missingKey(Map<String, String> environment) {
        return Optional.ofNullable(key)
                .filter(variable -> !keyOptional)
                .filter(variable -> ApiKey.of(environment, variable).isEmpty());
    }

    /**
     * The endpoint with the key of this environment.
     *
     * @param name of this provider
     * @param address in place of the file's; null takes the file's
     * @throws IllegalArgumentException in one sentence, when there is no usable address or key
     */
    public Endpoint endpoint(
            String name, @Nullable String address, Map<String, String> environment) {
        String base = address == null ? url : address;
        if (base == null) {
            throw new IllegalArgumentException(
                    "%s has no address of its own; name yours with --url or url:".formatted(name));
        }
        return new Endpoint(
                name,
                uri(name, base),
                key == null ? Optional.empty() : ApiKey.of(environment, key),
                key == null ? "" : key,
                plainKey);
    }

    private static URI uri(String name, String address) {
        try {
            return URI.create(address.strip());
        } catch (IllegalArgumentException e) {
            // Its message would repeat the address, which may hold a password.
            throw new IllegalArgumentException(
                    "the address of %s is not usable; write http(s)://HOST[:PORT]/PATH"
                            .formatted(name));
        }
    }
}
