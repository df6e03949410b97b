package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a request goes through: Java's own properties if any is set, else {@code
 * HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} in either case, as curl
 * and git read them.
 */
public final class ProxyRules extends ProxySelector {
    private static final List<String> PROPERTIES =
            List.of(
                    "https.proxyHost",
                    "http.proxyHost",
                    "socksProxyHost",
                    "java.net.useSystemProxies");

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Optional<ProxySelector> java;
    private final Optional<ProxyAddress> https;
    private final Optional<ProxyAddress> http;
    private final NoProxy exceptions;

    private ProxyRules(
            Optional<ProxySelector> java,
            Optional<ProxyAddress> https,
            Optional<ProxyAddress> http,
            NoProxy exceptions) {
        this.java = java;
        this.https = https;
        this.http = http;
        this.exceptions = exceptions;
    }

    /**
     * @throws ModelException when a variable does not hold the address of a proxy
     */
    public static ProxyRules of(Map<String, String> environment, Properties system) {
        if (PROPERTIES.stream().anyMatch(name -> system.getProperty(name) != null)) {
            return new ProxyRules(
                    Optional.ofNullable(ProxySelector.getDefault()),
                    Optional.empty(),
                    Optional.empty(),
                    new NoProxy(""));
        }
        return new ProxyRules(
                Optional.empty(),
                address(environment, "HTTPS_PROXY", "ALL_PROXY"),
                address(environment, "HTTP_PROXY", "ALL_PROXY"),
                new NoProxy(value(environment, "NO_PROXY").orElse("")));
    }

    @Override
    public List<Proxy> select(@Nullable URI uri) {
        if (uri == null) {
            throw new IllegalArgumentException("no address");
        }
        if (java.isPresent()) {
            return java.get().select(uri);
        }
        return List.of(address(uri).map(ProxyAddress::proxy).orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(
            @Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException fault) {
        java.ifPresent(selector -> selector.connectFailed(uri, address, fault));
    }

    /** The proxy for this address, for messages; without user and password. */
    Optional<String> describe(URI uri) {
        if (java.isPresent()) {
            return select(uri).stream()
                    .filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                    .findFirst()
                    .map(proxy -> shown(proxy) + " (from Java's proxy properties)");
        }
        return address(uri)
                .map(proxy -> shown(proxy.proxy()) + " (from %s)".formatted(proxy.variable()));
    }

    /** What this proxy wants to hear, when its address came with user and password. */
    Optional<String> credentials(Proxy proxy) {
        return Stream.of(https, http)
                .flatMap(Optional::stream)
                .filter(address -> address.proxy().equals(proxy))
                .flatMap(address -> address.basic().stream())
                .findFirst();
    }

    private Optional<ProxyAddress> address(URI uri) {
        @Nullable String host = uri.getHost();
        boolean encrypted = "https".equalsIgnoreCase(uri.getScheme());
        int usualPort = encrypted ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? usualPort : uri.getPort();
        if (host == null || exceptions.covers(host, port)) {
            return Optional.empty();
        }
        return encrypted ? https : http;
    }

    private static String shown(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : "?";
    }

    private static Optional<ProxyAddress> address(
            Map<String, String> environment, String... names) {
        for (String name : names) {
            Optional<String> value = value(environment, name);
            if (value.isPresent()) {
                return Optional.of(
                        ProxyAddress.parse(name, value.get()).orElseThrow(() -> notAProxy(name)));
            }
        }
        return Optional.empty();
    }

    /** The value may hold a password, so it is not shown. */
    private static ModelException notAProxy(String name) {
        return new ModelException(
                Kind.ENVIRONMENT,
                "%s is not the address of a proxy; write http://HOST:PORT or socks5://HOST:PORT"
                        .formatted(name));
    }

    /** The lower-case name wins, as it does for curl. */
    private static Optional<String> value(Map<String, String> environment, String name) {
        return Stream.of(name.toLowerCase(Locale.ROOT), name)
                .map(environment::get)
                .flatMap(Stream::ofNullable)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
