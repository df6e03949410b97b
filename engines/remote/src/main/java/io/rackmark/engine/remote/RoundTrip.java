package io.rackmark.engine.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Round trips between this machine and an endpoint: how long fresh TCP connections take to stand.
 *
 * @param nanos each one, ascending
 */
public record RoundTrip(List<Long> nanos) {
    private static final int PATIENCE_MS = 5000;

    public RoundTrip {
        nanos = nanos.stream().sorted().toList();
    }

    /** The shortest: the path itself, without queues. */
    public long leastNanos() {
        return nanos.getFirst();
    }

    /**
     * Empty when it cannot be reached directly; the first connection warms caches and is left out.
     */
    static Optional<RoundTrip> measure(URI url, ProxySelector proxies, int samples) {
        if (proxies.select(url).stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
            return Optional.empty();
        }
        int usual = url.getScheme().equals("https") ? 443 : 80;
        String host = url.getHost().replaceAll("^\\[|\\]$", "");
        try {
            InetSocketAddress address =
                    new InetSocketAddress(
                            InetAddress.getByName(host), url.getPort() < 0 ? usual : url.getPort());
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i <= samples; i++) {
                try (Socket socket = new Socket()) {
                    long start = System.nanoTime();
                    socket.connect(address, PATIENCE_MS);
                    nanos.add(System.nanoTime() - start);
                }
            }
            return Optional.of(new RoundTrip(nanos.subList(1, nanos.size())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
