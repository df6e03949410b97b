package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as a hub wants it. The token goes to the hub's own address only, and only over a connection
 * that nobody else reads; OkHttp drops the header when a redirect leaves that address.
 */
public final class HubClient implements AutoCloseable {
    /** The hub meant when none is given. */
    public static final String HUB = "https://huggingface.co";

    private static final String AUTHORIZATION = "Authorization";

    private final HttpUrl base;
    private final Optional<HubToken> token;
    private final boolean withheld;
    private final ProxyRules proxies;
    private final OkHttpClient http;
    private final OkHttpClient brief;

    /**
     * How long to wait.
     *
     * @param connect for a connection
     * @param read for the next byte
     * @param metadata for a whole file list
     */
    public record Timeouts(Duration connect, Duration read, Duration metadata) {
        /** Long enough for a busy hub, short enough to notice a dead line. */
        public static final Timeouts USUAL =
                new Timeouts(
                        Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(120));
    }

    /**
     * A client of the hub at this address.
     *
     * @throws ModelException when the address is none, or carries a password
     */
    public HubClient(
            String address, Optional<HubToken> token, ProxyRules proxies, Timeouts timeouts) {
        this.base = base(address);
        this.proxies = proxies;
        this.token = token.filter(some -> base.isHttps() || onThisMachine(base));
        this.withheld = token.isPresent() && this.token.isEmpty();
        this.http =
                new OkHttpClient.Builder()
                        .connectTimeout(timeouts.connect())
                        .readTimeout(timeouts.read())
                        .proxySelector(proxies)
                        .proxyAuthenticator(this::authenticate)
                        // One connection per file: over a shared one, parallel files gain nothing.
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .addNetworkInterceptor(this::refuseDowngrade)
                        .build();
        this.brief = http.newBuilder().callTimeout(timeouts.metadata()).build();
    }

    /** The hub's address without a trailing slash. */
    public String address() {
        String shown = base.toString();
        return shown.endsWith("/") ? shown.substring(0, shown.length() - 1) : shown;
    }

    /** Whether a token is sent. */
    boolean authorized() {
        return token.isPresent();
    }

    /** Whether there is a token that is not sent, because others could read it on the way. */
    boolean withholds() {
        return withheld;
    }

    ProxyRules proxies() {
        return proxies;
    }

    /** The API's description of a model with hashes and sizes. */
    HttpUrl listing(ModelId id) {
        return base.newBuilder()
                .addPathSegments("api/models")
                .addPathSegment(id.org())
                .addPathSegment(id.name())
                .addPathSegment("revision")
                .addPathSegment(id.revision())
                .addQueryParameter("blobs", "true")
                .build();
    }

    /** One file at this commit or revision. */
    HttpUrl file(ModelId id, String revision, String path) {
        return base.newBuilder()
                .addPathSegment(id.org())
                .addPathSegment(id.name())
                .addPathSegment("resolve")
                .addPathSegment(revision)
                .addPathSegments(path)
                .build();
    }

    /** Begins one short answer, which must be closed. */
    Response openBriefly(HttpUrl url) throws IOException {
        return brief.newCall(request(url).build()).execute();
    }

    /**
     * Begins one file from this byte on; the answer must be closed. Nothing compresses it on the
     * way, so that sizes and ranges mean the file's own bytes.
     */
    Response open(HttpUrl url, long offset) throws IOException {
        Request.Builder request = request(url).header("Accept-Encoding", "identity");
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        return http.newCall(request.build()).execute();
    }

    /** Ends all running requests; their threads see an I/O error. */
    void cancelAll() {
        http.dispatcher().cancelAll();
    }

    @Override
    public void close() {
        cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private Request.Builder request(HttpUrl url) {
        Request.Builder request = new Request.Builder().url(url).header("User-Agent", "rackmark");
        token.ifPresent(some -> request.header(AUTHORIZATION, some.header()));
        return request;
    }

    private @Nullable Request authenticate(@Nullable Route route, Response response) {
        if (route == null || response.request().header("Proxy-Authorization") != null) {
            return null;
        }
        return proxies.credentials(route.proxy())
                .map(
                        credentials ->
                                response.request()
                                        .newBuilder()
                                        .header("Proxy-Authorization", credentials)
                                        .build())
                .orElse(null);
    }

    private Response refuseDowngrade(Interceptor.Chain chain) throws IOException {
        if (base.isHttps() && !chain.request().isHttps()) {
            throw new ModelException(
                    Kind.ENVIRONMENT,
                    "%s redirects to an address without encryption (%s), which is refused"
                            .formatted(base.host(), chain.request().url().host()));
        }
        return chain.proceed(chain.request());
    }

    private static boolean onThisMachine(HttpUrl url) {
        return new NoProxy("").covers(url.host(), url.port());
    }

    private static HttpUrl base(String address) {
        @Nullable HttpUrl url = HttpUrl.parse(address.strip());
        if (url == null) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "the hub's address is not usable; write https://HOST or a folder that exists");
        }
        if (!url.username().isEmpty() || !url.password().isEmpty() || url.query() != null) {
            throw new ModelException(
                    Kind.DENIED,
                    "the hub's address must not hold a password or a query; put the token into "
                            + HubToken.VARIABLE);
        }
        return url;
    }
}
