package io.rackmark.engine.remote;

import io.rackmark.engine.remote.RemoteFailure.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What refusals and broken connections mean, in one sentence each. */
final class Faults {
    private static final int MOST_CHARS = 300;
    private static final Pattern NO_MODEL =
            Pattern.compile(
                    "model_not_found|invalid_model|not a valid model|invalid model|"
                            + "model .{0,200}(does not exist|not found|not supported|not deployed)",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern OVERFLOW =
            Pattern.compile(
                    "context_length_exceeded|maximum context|context length|context window|"
                            + "prompt is too long|exceeds? the (available )?context",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTA =
            Pattern.compile("insufficient_quota|billing", Pattern.CASE_INSENSITIVE);

    private final Endpoint endpoint;
    private final Deadlines deadlines;

    Faults(Endpoint endpoint, Deadlines deadlines) {
        this.endpoint = endpoint;
        this.deadlines = deadlines;
    }

    /** A response that is no answer. */
    RemoteFailure refusal(int status, String body, @Nullable Duration retryAfter) {
        return refused(status, said(parsed(body), body), retryAfter);
    }

    /** An error object inside a response that began well; its code may be an HTTP status. */
    RemoteFailure inStream(JsonNode error) {
        JsonNode code = error.path("code");
        String said = said(error, error.toString());
        int status = code.isIntegralNumber() && code.canConvertToInt() ? code.intValue() : 0;
        String type = error.path("type").asString("") + error.path("code").asString("");
        if (status == 429 || type.contains("rate_limit")) {
            return refused(429, said, null);
        }
        if (status >= 400 && status < 600) {
            return refused(status, said, null);
        }
        if (NO_MODEL.matcher(said).find()) {
            return refused(404, said, null);
        }
        return OVERFLOW.matcher(said).find() ? refused(400, said, null) : refused(500, said, null);
    }

    private RemoteFailure refused(int status, String said, @Nullable Duration retryAfter) {
        Kind kind = kind(status, said);
        String remedy =
                switch (kind) {
                    case DENIED -> remedyOfDenial(status);
                    case NO_SUCH_MODEL ->
                            "; see the names with 'rackmark models list --provider %s'"
                                    .formatted(endpoint.provider());
                    case NO_SUCH_ADDRESS -> "; check its address: it usually ends in /v1";
                    case CONTEXT_OVERFLOW -> "; use a compact or trimmed schema";
                    default -> "";
                };
        return new RemoteFailure(
                kind,
                "%s answers HTTP %d%s%s"
                        .formatted(
                                endpoint.provider(),
                                status,
                                said.isEmpty() ? "" : ": " + said,
                                remedy),
                status,
                retryAfter);
    }

    private static Kind kind(int status, String said) {
        if (status == 429) {
            return QUOTA.matcher(said).find() ? Kind.DENIED : Kind.RATE_LIMITED;
        }
        if (status == 401 || status == 402 || status == 403) {
            return Kind.DENIED;
        }
        if (status == 408 || status == 425 || status >= 500) {
            return Kind.OVERLOADED;
        }
        if (status == 413 || OVERFLOW.matcher(said).find()) {
            return Kind.CONTEXT_OVERFLOW;
        }
        if (NO_MODEL.matcher(said).find()) {
            return Kind.NO_SUCH_MODEL;
        }
        return status < 400 || status == 404 || status == 405
                ? Kind.NO_SUCH_ADDRESS
                : Kind.BAD_REQUEST;
    }

    private String remedyOfDenial(int status) {
        if (status == 402 || status == 429) {
            return "; look at the account's balance";
        }
        if (endpoint.keyVariable().isEmpty()) {
            return "; it wants a key: name its variable in providers.yaml";
        }
        return endpoint.key().isEmpty()
                ? "; set %s to a key of the account".formatted(endpoint.keyVariable())
                : "; check that %s is a valid key with access to the model"
                        .formatted(endpoint.keyVariable());
    }

    /** A connection that could not be made or did not last. */
    RemoteFailure broken(IOException fault, NetworkLog log, Duration elapsed) {
        String provider = endpoint.provider();
        if (elapsed.compareTo(deadlines.total()) >= 0) {
            return failure(
                    Kind.DEADLINE,
                    "%s was not done within %s".formatted(provider, seconds(deadlines.total())));
        }
        if (fault instanceof SSLException && !log.sent()) {
            return failure(
                    Kind.TLS,
                    "the connection to %s is not trusted (%s); if a proxy re-signs it, add its certificate to Java's trust store"
                            .formatted(provider, text(fault.getMessage())));
        }
        if (fault instanceof UnknownHostException) {
            return failure(
                    Kind.UNREACHABLE,
                    "the name of %s is not known here; is this machine offline, or a proxy (HTTPS_PROXY) missing?"
                            .formatted(provider));
        }
        if (fault instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
            return failure(Kind.CANCELLED, "the request to %s was cancelled".formatted(provider));
        }
        if (!log.sent()) {
            return failure(
                    Kind.UNREACHABLE,
                    "cannot connect to %s at %s (%s); is it running?"
                            .formatted(provider, endpoint.url(), text(fault.getMessage())));
        }
        return fault instanceof SocketTimeoutException
                ? failure(
                        Kind.STALLED,
                        "%s was silent for %s".formatted(provider, seconds(deadlines.silence())))
                : cut("the connection to %s broke (%s)", text(fault.getMessage()));
    }

    RemoteFailure unfinished() {
        return cut("%s ended its answer without saying that it is over%s", "");
    }

    private RemoteFailure cut(String format, String detail) {
        return failure(Kind.CUT, format.formatted(endpoint.provider(), detail));
    }

    RemoteFailure malformed(String what) {
        return failure(
                Kind.MALFORMED,
                "%s sent what is no answer in OpenAI's dialect (%s); check its address"
                        .formatted(endpoint.provider(), text(what)));
    }

    RemoteFailure tooLarge(String what) {
        return failure(
                Kind.TOO_LARGE, "%s sent %s and was cut off".formatted(endpoint.provider(), what));
    }

    RemoteFailure exposed() {
        return failure(
                Kind.DENIED,
                "the key of %s is not sent to %s over an unencrypted connection; use https, or allow it with plain-key: true in providers.yaml"
                        .formatted(endpoint.provider(), endpoint.url()));
    }

    private static RemoteFailure failure(Kind kind, String message) {
        return new RemoteFailure(kind, message, null, null);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    /** The server's words: untrusted, so they are made one short line without the key. */
    private String said(@Nullable JsonNode root, String otherwise) {
        if (root == null) {
            return otherwise.stripLeading().startsWith("<") ? "a web page" : text(otherwise);
        }
        JsonNode error = root.path("error").isMissingNode() ? root : root.path("error");
        String message =
                error.isString() ? error.stringValue() : error.path("message").asString("");
        String code = error.path("code").isString() ? error.path("code").stringValue() : "";
        if (message.isEmpty()) {
            message =
                    root.path("detail").isString() ? root.path("detail").stringValue() : otherwise;
        }
        return text(code.isEmpty() ? message : "%s (%s)".formatted(message, code));
    }

    private static @Nullable JsonNode parsed(String body) {
        try {
            JsonNode root = DeltaReader.JSON.readTree(body);
            return root.isObject() ? root : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private String text(@Nullable String foreign) {
        String line = foreign == null ? "" : foreign.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String scrubbed = endpoint.key().map(key -> key.scrub(line)).orElse(line);
        return scrubbed.length() <= MOST_CHARS ? scrubbed : scrubbed.substring(0, MOST_CHARS) + "…";
    }
}
