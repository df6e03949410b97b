package io.rackmark.engine.remote;

import io.rackmark.engine.remote.arrival.Arrival;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Notes when the phases of one call began and ended. Connecting happens on several threads when a
 * name has several addresses: the first start and the last end count.
 */
final class NetworkLog extends EventListener {
    private @Nullable Long dnsStart;
    private @Nullable Long dnsEnd;
    private @Nullable Long connectStart;
    private @Nullable Long connectEnd;
    private @Nullable Long tlsStart;
    private @Nullable Long tlsEnd;
    private @Nullable Long requestEnd;
    private @Nullable Long headersEnd;
    private boolean acquired;

    @Override
    public synchronized void dnsStart(Call call, String domainName) {
        dnsStart = System.nanoTime();
    }

    @Override
    public synchronized void dnsEnd(
            Call call, String domainName, List<InetAddress> inetAddressList) {
        dnsEnd = System.nanoTime();
    }

    @Override
    public synchronized void connectStart(
            Call call, InetSocketAddress inetSocketAddress, Proxy proxy) {
        connectStart = connectStart == null ? System.nanoTime() : connectStart;
    }

    @Override
    public synchronized void secureConnectStart(Call call) {
        tlsStart = System.nanoTime();
        connectEnd = tlsStart;
    }

    @Override
    public synchronized void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        tlsEnd = System.nanoTime();
    }

    @Override
    public synchronized void connectEnd(
            Call call,
            InetSocketAddress inetSocketAddress,
            Proxy proxy,
            @Nullable Protocol protocol) {
        connectEnd = tlsStart == null ? (Long) System.nanoTime() : connectEnd;
    }

    @Override
    public synchronized void connectFailed(
            Call call,
            InetSocketAddress inetSocketAddress,
            Proxy proxy,
            @Nullable Protocol protocol,
            IOException ioe) {
        connectEnd = null;
    }

    @Override
    public synchronized void connectionAcquired(Call call, Connection connection) {
        acquired = true;
    }

    @Override
    public synchronized void requestHeadersEnd(Call call, Request request) {
        requestEnd = System.nanoTime();
    }

    @Override
    public synchronized void requestBodyEnd(Call call, long byteCount) {
        requestEnd = System.nanoTime();
    }

    @Override
    public synchronized void responseHeadersEnd(Call call, Response response) {
        headersEnd = Arrival.nanos();
    }

    /** Whether the request left this machine. */
    synchronized boolean sent() {
        return requestEnd != null;
    }

    /** Whether a standing connection was used and brought no answer. */
    synchronized boolean reusedInVain() {
        return acquired && connectStart == null && headersEnd == null;
    }

    /** Whether a TLS handshake began and did not end. */
    synchronized boolean inHandshake() {
        return tlsStart != null && tlsEnd == null;
    }

    synchronized Network network(long sentNanos) {
        @Nullable Long headers = headersEnd == null ? null : (Long) Math.max(sentNanos, headersEnd);
        // An answer proves that the request had gone out, also when its thread noted it later.
        @Nullable Long requested =
                requestEnd == null || headers == null
                        ? requestEnd
                        : (Long) Math.min(requestEnd, headers);
        return new Network(
                connectStart == null && requestEnd != null,
                span(dnsStart, dnsEnd),
                span(connectStart, connectEnd),
                span(tlsStart, tlsEnd),
                span(sentNanos, requested),
                span(sentNanos, headers));
    }

    private static @Nullable Long span(@Nullable Long from, @Nullable Long to) {
        return from == null || to == null ? null : to - from;
    }
}
