package io.rackmark.runner.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** An error told to a client whose request is not complete; it ends the connection. */
final class EarlyAnswer {
    private static final int LINGER_SECONDS = 2;

    private EarlyAnswer() {}

    static DefaultFullHttpResponse of(ApiException fault) {
        byte[] body = Replies.error(fault).toString().getBytes(StandardCharsets.UTF_8);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(fault.status()),
                        Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Router.JSON_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        return response;
    }

    /**
     * Sends it and closes a little later: closed at once, what the client is still sending would
     * reset the connection, and the answer would be lost with it.
     */
    static void send(Channel channel, ApiException fault) {
        channel.writeAndFlush(of(fault)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        Runnable close =
                () -> {
                    var _ = channel.close();
                };
        var _ = channel.eventLoop().schedule(close, LINGER_SECONDS, TimeUnit.SECONDS);
    }
}
