package io.rackmark.runner.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.rackmark.engine.EngineException;
import java.net.InetSocketAddress;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 with bounds on everything a client sends. */
final class HttpServer implements AutoCloseable {
    private static final int MOST_LINE_BYTES = 4096;
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final int IDLE_SECONDS = 60;
    private static final int BACKLOG = 512;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;

    /** This object and every handler at work; the end waits for their answers. */
    private final Phaser handlers = new Phaser(1);

    /**
     * Listens.
     *
     * @param handler called on a virtual thread for each request
     * @throws EngineException of kind {@code UNAVAILABLE} when the address cannot be had
     */
    HttpServer(ServeSettings settings, Consumer<Exchange> handler) {
        try {
            listener =
                    new ServerBootstrap()
                            .group(loops)
                            .channel(NioServerSocketChannel.class)
                            .option(ChannelOption.SO_BACKLOG, BACKLOG)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childHandler(
                                    new ChannelInitializer<Channel>() {
                                        @Override
                                        protected void initChannel(Channel channel) {
                                            prepare(channel, settings, counted(handler));
                                        }
                                    })
                            .bind(new InetSocketAddress(settings.host(), settings.port()))
                            .syncUninterruptibly()
                            .channel();
        } catch (Exception e) {
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new EngineException(
                    EngineException.Kind.UNAVAILABLE,
                    "cannot listen on %s port %d (%s); choose another with --host or --port"
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        }
    }

    private static void prepare(
            Channel channel, ServeSettings settings, Consumer<Exchange> handler) {
        ArrivalDeadline arrival = new ArrivalDeadline(settings.arrival());
        channel.pipeline()
                .addLast(arrival)
                .addLast(
                        new HttpServerCodec(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(MOST_LINE_BYTES)
                                        .setMaxHeaderSize(MOST_HEADER_BYTES)))
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                .addLast(new Bodies(settings.maxBodyBytes(), arrival))
                .addLast(new HttpConnection(arrival, handler));
    }

    /** The port listened on. */
    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Takes no new connections; those there are go on. */
    void stopListening() {
        listener.close().syncUninterruptibly();
    }

    private Consumer<Exchange> counted(Consumer<Exchange> handler) {
        return exchange -> {
            var _ = handlers.register();
            try {
                handler.accept(exchange);
            } finally {
                var _ = handlers.arriveAndDeregister();
            }
        };
    }

    /** A slot is free before its answer is written: what is still to be written goes out first. */
    private void awaitAnswers() {
        try {
            var _ = handlers.awaitAdvanceInterruptibly(handlers.arrive(), 2, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return; // a client that does not read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        var _ = loops.next().submit(() -> {}).syncUninterruptibly();
    }

    @Override
    public void close() {
        stopListening();
        awaitAnswers();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Puts a body together, and says so in the interface's own words when it is too long. */
    private static final class Bodies extends HttpObjectAggregator {
        private final ArrivalDeadline arrival;

        Bodies(int most, ArrivalDeadline arrival) {
            super(most);
            this.arrival = arrival;
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
            arrival.complete();
            EarlyAnswer.send(context.channel(), tooLong());
        }

        /** To a client that asks before it sends. */
        @Override
        protected @Nullable Object newContinueResponse(
                HttpMessage start, int most, ChannelPipeline pipeline) {
            Object response = super.newContinueResponse(start, most, pipeline);
            return response instanceof FullHttpResponse full
                            && full.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                    ? EarlyAnswer.of(tooLong())
                    : response;
        }

        private ApiException tooLong() {
            return ApiException.refused(
                    413, null, "The body is longer than %d bytes".formatted(maxContentLength()));
        }
    }
}
