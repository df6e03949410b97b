package io.rackmark.runner.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds one connection's requests to their deadline: each must be complete, head and body, so long
 * after its first byte, however steadily it trickles. Stands before everything that reads, and is
 * told by {@link HttpConnection} what is complete. Called by the connection's event loop alone.
 */
final class ArrivalDeadline extends ChannelInboundHandlerAdapter {
    private final Duration limit;
    private @Nullable Future<?> deadline;
    private boolean answering;
    private boolean expired;

    ArrivalDeadline(Duration limit) {
        this.limit = limit;
    }

    /** A request is complete; nothing is due while it is answered. */
    void complete() {
        cancel();
        answering = true;
    }

    /** The answer is written; with its first byte the next request is under way. */
    void answered() {
        answering = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (expired) {
            ReferenceCountUtil.release(bytes);
            return;
        }
        if (deadline == null && !answering) {
            Runnable expire = () -> expire(context);
            deadline = context.executor().schedule(expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        }
        context.fireChannelRead(bytes);
    }

    private void expire(ChannelHandlerContext context) {
        expired = true;
        EarlyAnswer.send(
                context.channel(),
                ApiException.refused(
                        408,
                        "request_timeout",
                        "The request was not complete after %s; send head and body within that time"
                                .formatted(words())));
    }

    private String words() {
        return limit.toMillis() < 10_000 ? limit.toMillis() + " ms" : limit.toSeconds() + " s";
    }

    private void cancel() {
        Future<?> due = deadline;
        if (due != null) {
            deadline = null;
            due.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }
}
