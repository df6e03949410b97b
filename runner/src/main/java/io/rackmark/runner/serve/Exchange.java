package io.rackmark.runner.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One request and its answer. Read on the thread that handles the request, which waits for each
 * piece to be sent, so that a slow client fills no memory.
 */
final class Exchange {
    private static final long STALL_SECONDS = 30;

    /**
     * What came in.
     *
     * @param body whole
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Request(String method, String path, HttpHeaders headers, byte[] body) {}

    private final Channel channel;
    private final Request request;
    private final boolean keepAlive;
    private final Runnable done;
    private final List<Runnable> onGone = new ArrayList<>();
    private boolean gone;
    private boolean streaming;

    /**
     * @param done called once the answer is written and the connection may take the next request
     */
    Exchange(Channel channel, Request request, boolean keepAlive, Runnable done) {
        this.channel = channel;
        this.request = request;
        this.keepAlive = keepAlive;
        this.done = done;
    }

    Request request() {
        return request;
    }

    /** What to do when the client goes away before its answer is complete. */
    void onGone(Runnable action) {
        synchronized (this) {
            if (!gone) {
                onGone.add(action);
                return;
            }
        }
        action.run();
    }

    synchronized boolean gone() {
        return gone;
    }

    /** The connection is closed. */
    void leave() {
        List<Runnable> actions;
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
            actions = List.copyOf(onGone);
            onGone.clear();
        }
        actions.forEach(Runnable::run);
    }

    boolean streaming() {
        return streaming;
    }

    /** The whole answer. */
    void respond(int status, String contentType, byte[] body, int retryAfterSeconds) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (retryAfterSeconds > 0) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
        }
        finish(common(response));
    }

    /** Begins an answer in pieces. */
    void startStream() {
        streaming = true;
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        send(common(response));
    }

    /** One event of server-sent events. */
    void event(String data) {
        ByteBuf bytes = Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8);
        send(new DefaultHttpContent(bytes));
    }

    void endStream() {
        finish(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Ends the connection: a stream that broke off must not look complete. */
    void abort() {
        var _ = channel.close();
    }

    private HttpResponse common(HttpResponse response) {
        response.headers()
                .set(
                        HttpHeaderNames.CONNECTION,
                        keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE)
                .set("X-Content-Type-Options", "nosniff");
        return response;
    }

    private void finish(Object last) {
        synchronized (this) {
            onGone.clear();
        }
        // Listened to before it is written: afterwards the client may be first with its next one.
        ChannelPromise written = channel.newPromise();
        written.addListener(
                keepAlive ? (ChannelFutureListener) _ -> done.run() : ChannelFutureListener.CLOSE);
        var _ = channel.writeAndFlush(last, written);
    }

    private void send(Object piece) {
        ChannelFuture written = channel.writeAndFlush(piece);
        if (!written.awaitUninterruptibly(STALL_SECONDS, TimeUnit.SECONDS)
                || !written.isSuccess()) {
            var _ = channel.close();
            throw new ClientGoneException();
        }
    }
}
