package io.rackmark.model.pull;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as an environment variable names it.
 *
 * @param basic value of {@code Proxy-Authorization}
 */
record ProxyAddress(String variable, Proxy proxy, Optional<String> basic) {
    private static final int HTTP_PORT = 80;
    private static final int SOCKS_PORT = 1080;

    /** Empty when the value is no address. A missing scheme means http. */
    static Optional<ProxyAddress> parse(String variable, String value) {
        URI uri;
        try {
            uri = new URI(value.contains("://") ? value : "http://" + value);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        @Nullable String host = uri.getHost();
        if (host == null || uri.getPort() > 65_535) {
            return Optional.empty();
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "http" -> Optional.of(of(variable, Proxy.Type.HTTP, uri, host, HTTP_PORT));
            case "socks", "socks5", "socks5h" ->
                    Optional.of(of(variable, Proxy.Type.SOCKS, uri, host, SOCKS_PORT));
            default -> Optional.empty();
        };
    }

    private static ProxyAddress of(
            String variable, Proxy.Type type, URI uri, String host, int usualPort) {
        int port = uri.getPort() < 0 ? usualPort : uri.getPort();
        // IPv6 literals come in brackets.
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ProxyAddress(
                variable,
                new Proxy(type, InetSocketAddress.createUnresolved(plain, port)),
                Optional.ofNullable(uri.getRawUserInfo()).map(ProxyAddress::basic));
    }

    private static String basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        return Credentials.basic(
                decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                colon < 0 ? "" : decoded(userInfo.substring(colon + 1)),
                StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        // URLDecoder reads a plus sign as a blank; here it is a plus sign.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return variable + " " + proxy;
    }
}
