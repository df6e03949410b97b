package io.rackmark.runner.serve;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection: a request at a time, each on a virtual thread, while the connection is watched
 * for its end. Called by the connection's event loop alone.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final ArrivalDeadline arrival;
    private final Consumer<Exchange> handler;
    private @Nullable Exchange running;

    HttpConnection(ArrivalDeadline arrival, Consumer<Exchange> handler) {
        this.arrival = arrival;
        this.handler = handler;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http) {
        if (running != null) {
            // A second request before the first answer: nobody pipelines any more.
            var _ = context.close();
            return;
        }
        arrival.complete();
        DecoderResult decoded = http.decoderResult();
        boolean keepAlive = decoded.isSuccess() && HttpUtil.isKeepAlive(http);
        Exchange exchange =
                new Exchange(
                        context.channel(),
                        new Exchange.Request(
                                http.method().name(),
                                new QueryStringDecoder(http.uri()).path(),
                                http.headers(),
                                ByteBufUtil.getBytes(http.content())),
                        keepAlive,
                        this::answered);
        running = exchange;
        if (decoded.isSuccess()) {
            Thread.ofVirtual().name("request").start(() -> handler.accept(exchange));
        } else {
            refuse(exchange, decoded.cause());
        }
    }

    private void answered() {
        running = null;
        arrival.answered();
    }

    private static void refuse(Exchange exchange, Throwable cause) {
        ApiException fault =
                cause instanceof TooLongFrameException
                        ? ApiException.refused(
                                431, null, "The request line or headers are too long")
                        : ApiException.refused(400, null, "This is not a valid HTTP request");
        exchange.respond(
                fault.status(),
                Router.JSON_TYPE,
                Replies.error(fault).toString().getBytes(StandardCharsets.UTF_8),
                0);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (running != null) {
            running.leave();
        }
        context.fireChannelInactive();
    }

    /** A connection that is silent though nothing runs. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && running == null) {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.getLogger(HttpConnection.class.getName())
                .log(Level.DEBUG, "a connection failed", cause);
        var _ = context.close();
    }
}
