package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What a hub's refusals and a network's failures mean, in one sentence each. */
final class HubFaults {
    private static final Pattern RESET = Pattern.compile("\\bt=([0-9]{1,9})\\b");

    private final HubClient client;
    private final ModelId id;

    HubFaults(HubClient client, ModelId id) {
        this.client = client;
        this.id = id;
    }

    /**
     * Accepts 200, 206 and 416, which says that nothing is left to send.
     *
     * @param what was asked for
     * @throws TransientException when asking again may help
     * @throws ModelException when it will not
     */
    void check(Response response, String what) throws TransientException {
        int code = response.code();
        if (code == 200 || code == 206 || code == 416) {
            return;
        }
        if (code == 408 || code == 425 || code == 429 || code >= 500) {
            throw new TransientException(
                    "%s answers HTTP %d for %s".formatted(host(response), code, what),
                    retryAfter(response));
        }
        throw switch (code) {
            case 401, 403 -> denied(response, code, what);
            case 404, 410 -> missing(response, what);
            case 407 ->
                    environment(
                            "the proxy%s wants a user and a password; write them into HTTPS_PROXY"
                                            .formatted(through(response.request().url()))
                                    + " as http://USER:PASSWORD@HOST:PORT");
            default ->
                    environment(
                            "%s answers HTTP %d for %s; is it the address of a model hub?"
                                    .formatted(host(response), code, what));
        };
    }

    /** The last failure of the network, when trying again did not help. */
    ModelException unreachable(IOException fault, HttpUrl url) {
        String host = url.host() + through(url);
        String elsewhere =
                "; on a machine without network fetch the model elsewhere and pull --from DIR";
        String reason =
                switch (fault) {
                    case UnknownHostException e when !through(url).isEmpty() ->
                            "cannot reach %s: the proxy's name is not known here; is it right?"
                                    .formatted(host);
                    case UnknownHostException e ->
                            "cannot find %s: is this machine offline, or a proxy (HTTPS_PROXY) missing?"
                                            .formatted(host)
                                    + elsewhere;
                    case ConnectException e -> "cannot connect to " + host + elsewhere;
                    case NoRouteToHostException e -> "there is no way to " + host + elsewhere;
                    case SocketTimeoutException e ->
                            host + " does not answer; what was fetched is kept, pull again";
                    case SSLException e ->
                            "the connection to %s is not trusted (%s); if a proxy re-signs it, add its"
                                            .formatted(host, e.getMessage())
                                    + " certificate to Java's trust store";
                    case TransientException e ->
                            e.getMessage() + "; what was fetched is kept, pull again later";
                    default ->
                            "the connection to %s failed (%s); what was fetched is kept, pull again"
                                    .formatted(host, fault.getMessage());
                };
        return new ModelException(Kind.ENVIRONMENT, reason, fault);
    }

    /** Content that is not the file's, even when fetched afresh. */
    ModelException wrongContent(HubFile file, IOException fault) {
        return new ModelException(
                Kind.ENVIRONMENT,
                "%s from %s is damaged: %s; nothing of it is kept, pull again or from another source"
                        .formatted(file.path(), client.address(), fault.getMessage()),
                fault);
    }

    private ModelException denied(Response response, int code, String what) {
        String error = errorCode(response);
        String page = client.address() + "/" + id.repository();
        if (client.withholds()) {
            return new ModelException(
                    Kind.DENIED,
                    "%s refuses %s (HTTP %d), and %s is not sent because the address is not https"
                            .formatted(host(response), what, code, HubToken.VARIABLE));
        }
        if (error.equals("GatedRepo")) {
            return new ModelException(
                    Kind.DENIED,
                    client.authorized()
                            ? "%s is gated and the account of %s has no access yet; accept the licence at %s"
                                    .formatted(id, HubToken.VARIABLE, page)
                            : "%s is gated; accept the licence at %s and set %s to a token of your account"
                                    .formatted(id, page, HubToken.VARIABLE));
        }
        if (code == 401 && client.authorized() && !error.equals("RepoNotFound")) {
            return new ModelException(
                    Kind.DENIED,
                    "%s does not accept the token in %s; is it expired or mistyped?"
                            .formatted(host(response), HubToken.VARIABLE));
        }
        return new ModelException(
                Kind.DENIED,
                "%s refuses %s (HTTP %d): there is no such model, or it is private or gated; check the name,"
                                .formatted(host(response), what, code)
                        + " accept its licence at %s and set %s"
                                .formatted(page, HubToken.VARIABLE));
    }

    private ModelException missing(Response response, String what) {
        return new ModelException(
                Kind.NOT_FOUND,
                switch (errorCode(response)) {
                    case "RevisionNotFound" ->
                            "%s has no revision '%s'; leave it out for '%s'"
                                    .formatted(
                                            id.repository(),
                                            id.revision(),
                                            ModelId.DEFAULT_REVISION);
                    case "EntryNotFound" -> "%s has no file %s any more".formatted(id, what);
                    default ->
                            "%s has no %s; check the spelling of org/name"
                                    .formatted(client.address(), what);
                });
    }

    /** The server's own words are not shown: they could repeat what was sent to it. */
    private static String errorCode(Response response) {
        @Nullable String code = response.header("X-Error-Code");
        return code == null ? "" : code;
    }

    private static ModelException environment(String message) {
        return new ModelException(Kind.ENVIRONMENT, message);
    }

    private static String host(Response response) {
        return response.request().url().host();
    }

    private String through(HttpUrl url) {
        return client.proxies()
                .describe(url.uri())
                .map(proxy -> " through the proxy " + proxy)
                .orElse("");
    }

    /**
     * {@code Retry-After} of RFC 9110, 10.2.3: seconds or a date; or the seconds {@code t} of
     * {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers), which the hub sends instead.
     */
    private static Optional<Duration> retryAfter(Response response) {
        @Nullable String value = response.header("Retry-After");
        if (value == null) {
            @Nullable String limit = response.header("RateLimit");
            Matcher window = RESET.matcher(limit == null ? "" : limit);
            return window.find()
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(window.group(1))))
                    : Optional.empty();
        }
        String text = value.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration wait = Duration.between(Instant.now(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
