package io.rackmark.engine.remote;

import io.rackmark.engine.remote.arrival.Arrival;
import io.rackmark.engine.remote.arrival.ArrivalSockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends requests to one endpoint and times what comes back: an event's time is when the last of its
 * bytes reached this process, also when its thread gets round to it later. Thread-safe; each call
 * blocks its thread, so many streams at once are many virtual threads, and one more thread reads
 * their sockets from the first connection until {@link #close()}. One request is one request:
 * redirects are not followed, and nothing is sent twice, unless the kept connection that it went
 * over proves to have been closed by the server meanwhile.
 */
public final class RemoteClient implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int READ_BYTES = 8 << 10; // no more comes at once from OkHttp
    private static final int ERROR_BYTES = 64 << 10;

    /** Idle connections kept: more than the concurrency of any sensible run. */
    private static final int IDLE_CONNECTIONS = 1024;

    /**
     * A closed connection shows within a round trip; after longer, the server dropped a request
     * that it was working on.
     */
    private static final long CLOSED_SHOWS_NANOS = 1_000_000_000;

    private final Endpoint endpoint;
    private final Dialect dialect;
    private final Bounds bounds;
    private final Faults faults;
    private final ArrivalSockets sockets = new ArrivalSockets();
    private final OkHttpClient http;
    private final OkHttpClient unpooled; // a fresh connection per request

    /**
     * A client; nothing is connected yet.
     *
     * @param proxies which proxy an address goes through
     */
    public RemoteClient(
            Endpoint endpoint,
            Dialect dialect,
            Deadlines deadlines,
            Bounds bounds,
            ProxySelector proxies) {
        this.endpoint = endpoint;
        this.dialect = dialect;
        this.bounds = bounds;
        this.faults = new Faults(endpoint, deadlines);
        this.http =
                new OkHttpClient.Builder()
                        .connectTimeout(deadlines.connect())
                        .readTimeout(deadlines.silence())
                        .writeTimeout(deadlines.silence())
                        .callTimeout(deadlines.total())
                        .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
                        // Over a shared connection one stream's bytes would wait for another's.
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .retryOnConnectionFailure(false)
                        .followRedirects(false)
                        .proxySelector(proxies)
                        .socketFactory(sockets)
                        .eventListenerFactory(RemoteClient::listener)
                        .build();
        this.unpooled =
                http.newBuilder()
                        .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                        .build();
    }

    private static EventListener listener(Call call) {
        @Nullable NetworkLog log = call.request().tag(NetworkLog.class);
        return log == null ? EventListener.NONE : log;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends one request and waits for its end, whatever that is. Times count from the sending that
     * was answered.
     */
    public RemoteResult send(RemoteRequest request) {
        NetworkLog log = new NetworkLog();
        RemoteResult result = send(http, request, log);
        // Servers may close an idle connection at any time (RFC 9112, 9.6), some after each answer.
        return closedMeanwhile(result, log) ? send(unpooled, request, new NetworkLog()) : result;
    }

    private static boolean closedMeanwhile(RemoteResult result, NetworkLog log) {
        @Nullable RemoteFailure failure = result.failure();
        RemoteResult.Timeline timeline = result.timeline();
        return failure != null
                && (failure.kind() == RemoteFailure.Kind.CUT
                        || failure.kind() == RemoteFailure.Kind.UNREACHABLE)
                && log.reusedInVain()
                && timeline.endNanos() - timeline.sentNanos() < CLOSED_SHOWS_NANOS;
    }

    private RemoteResult send(OkHttpClient client, RemoteRequest request, NetworkLog log) {
        Collector collector = new Collector();
        long sent = System.nanoTime();
        @Nullable RemoteFailure failure;
        if (endpoint.exposesKey()) {
            failure = faults.exposed();
        } else {
            failure = exchange(client, request, log, collector, sent);
        }
        return collector.result(sent, log.network(sent), System.nanoTime(), failure);
    }

    private @Nullable RemoteFailure exchange(
            OkHttpClient client,
            RemoteRequest request,
            NetworkLog log,
            Collector collector,
            long sent) {
        Request post =
                request(RequestJson.path(request), log)
                        .post(RequestBody.create(RequestJson.body(request, dialect), JSON))
                        .build();
        Arrival.forget();
        try (Response response = client.newCall(post).execute()) {
            if (response.code() != 200) {
                return refusal(response);
            }
            return request.stream() && !isJson(response)
                    ? stream(response.body().source(), collector, sent)
                    : whole(response.body().source(), collector, sent);
        } catch (IOException e) {
            return faults.broken(e, log, Duration.ofNanos(System.nanoTime() - sent));
        }
    }

    private @Nullable RemoteFailure stream(BufferedSource source, Collector collector, long sent)
            throws IOException {
        SseParser parser = new SseParser(collector, bounds.eventBytes());
        byte[] buffer = new byte[READ_BYTES];
        long left = bounds.streamBytes();
        try {
            boolean more = true;
            while (more) {
                int read = source.read(buffer);
                long nanos = arrived(sent);
                if (read < 0) {
                    parser.end(nanos);
                    break;
                }
                left -= read;
                if (left < 0) {
                    return faults.tooLarge("more than " + bounds.streamBytes() + " bytes");
                }
                more = parser.feed(buffer, read, nanos);
            }
        } catch (SseParser.TooLongException e) {
            return faults.tooLarge(String.valueOf(e.getMessage()));
        }
        return verdict(collector);
    }

    /** Nothing answers before it is asked, whatever a server sends unasked. */
    private static long arrived(long sent) {
        return Math.max(sent, Arrival.nanos());
    }

    private @Nullable RemoteFailure whole(BufferedSource source, Collector collector, long sent)
            throws IOException {
        byte[] body = bytes(source, bounds.bodyBytes() + 1);
        if (body.length > bounds.bodyBytes()) {
            return faults.tooLarge("more than " + bounds.bodyBytes() + " bytes");
        }
        collector.object(body, body.length, arrived(sent));
        return verdict(collector);
    }

    private @Nullable RemoteFailure verdict(Collector collector) {
        @Nullable JsonNode error = collector.error();
        if (error != null) {
            return faults.inStream(error);
        }
        @Nullable String malformed = collector.malformed();
        if (malformed != null) {
            return faults.malformed(malformed);
        }
        if (collector.complete()) {
            return null;
        }
        return collector.empty() ? faults.malformed("no event at all") : faults.unfinished();
    }

    private RemoteFailure refusal(Response response) throws IOException {
        byte[] body = bytes(response.body().source(), ERROR_BYTES);
        return faults.refusal(
                response.code(),
                new String(body, StandardCharsets.UTF_8),
                RetryAfter.of(response.headers(), Instant.now()));
    }

    /**
     * The models the endpoint says it serves.
     *
     * @throws RemoteException when it does not say
     */
    public List<RemoteModel> models() {
        NetworkLog log = new NetworkLog();
        long sent = System.nanoTime();
        if (endpoint.exposesKey()) {
            throw new RemoteException(faults.exposed());
        }
        try (Response response = http.newCall(request("models", log).build()).execute()) {
            if (response.code() != 200) {
                throw new RemoteException(refusal(response));
            }
            byte[] body = bytes(response.body().source(), bounds.bodyBytes() + 1);
            return body.length > bounds.bodyBytes()
                    ? fail(faults.tooLarge("more than " + bounds.bodyBytes() + " bytes"))
                    : RemoteModel.list(body)
                            .orElseGet(() -> fail(faults.malformed("no list of models")));
        } catch (IOException e) {
            throw new RemoteException(
                    faults.broken(e, log, Duration.ofNanos(System.nanoTime() - sent)));
        }
    }

    private static List<RemoteModel> fail(RemoteFailure failure) {
        throw new RemoteException(failure);
    }

    /**
     * TCP round trips to the endpoint; empty when it cannot be reached or a proxy stands between.
     */
    public Optional<RoundTrip> roundTrip(int samples) {
        return RoundTrip.measure(
                endpoint.url(), Objects.requireNonNull(http.proxySelector()), samples);
    }

    private Request.Builder request(String path, NetworkLog log) {
        URI base = endpoint.url();
        String address = base.toString();
        Request.Builder request =
                new Request.Builder()
                        .url(address.endsWith("/") ? address + path : address + "/" + path)
                        .tag(NetworkLog.class, log)
                        .header("User-Agent", "rackmark")
                        .header("Accept", "text/event-stream, application/json")
                        // A compressed stream would hold events back.
                        .header("Accept-Encoding", "identity");
        @Nullable Map<String, String> headers = dialect.headers();
        if (headers != null) {
            headers.forEach(request::header);
        }
        String scheme = Objects.requireNonNullElse(dialect.auth(), "Bearer");
        endpoint.key().ifPresent(key -> request.header("Authorization", key.header(scheme)));
        return request;
    }

    private static boolean isJson(Response response) {
        @Nullable MediaType type = response.body().contentType();
        return type != null && type.subtype().equals("json");
    }

    /** The body, or its first so many bytes. */
    private static byte[] bytes(BufferedSource source, int most) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[READ_BYTES];
        while (body.size() < most) {
            int read = source.read(buffer, 0, Math.min(buffer.length, most - body.size()));
            if (read < 0) {
                break;
            }
            body.write(buffer, 0, read);
        }
        return body.toByteArray();
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
        sockets.close();
    }
}
