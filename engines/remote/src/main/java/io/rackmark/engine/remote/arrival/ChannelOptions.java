package io.rackmark.engine.remote.arrival;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of {@link java.net.Socket} on a channel. */
final class ChannelOptions {
    private static final Map<Integer, SocketOption<Integer>> NUMBERS =
            Map.of(
                    SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
                    SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
                    SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);
    private static final Map<Integer, SocketOption<Boolean>> SWITCHES =
            Map.of(
                    SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
                    SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
                    SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR);

    private ChannelOptions() {}

    /** Sets what {@link SocketOptions} numbers so. */
    static void set(SocketChannel channel, int id, Object value) throws SocketException {
        @Nullable SocketOption<Integer> number = NUMBERS.get(id);
        @Nullable SocketOption<Boolean> onOff = SWITCHES.get(id);
        try {
            if (id == SocketOptions.SO_LINGER) { // false, or seconds
                channel.setOption(
                        StandardSocketOptions.SO_LINGER, value instanceof Integer s ? s : -1);
            } else if (number != null) {
                channel.setOption(number, (Integer) value);
            } else if (onOff != null) {
                channel.setOption(onOff, (Boolean) value);
            } else {
                throw new SocketException("Unknown option " + id);
            }
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    /** Tells what {@link SocketOptions} numbers so. */
    static Object get(SocketChannel channel, int id) throws SocketException {
        @Nullable SocketOption<Integer> number = NUMBERS.get(id);
        @Nullable SocketOption<Boolean> onOff = SWITCHES.get(id);
        try {
            if (id == SocketOptions.SO_LINGER) {
                int seconds = channel.getOption(StandardSocketOptions.SO_LINGER);
                return seconds < 0 ? (Object) false : (Object) seconds;
            }
            if (id == SocketOptions.SO_BINDADDR) {
                InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
                return Objects.requireNonNull(local).getAddress();
            }
            if (number != null) {
                return channel.getOption(number);
            }
            if (onOff != null) {
                return channel.getOption(onOff);
            }
            throw new SocketException("Unknown option " + id);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private static SocketException asSocketException(IOException e) {
        return e instanceof SocketException same ? same : new SocketException(e.getMessage(), e);
    }
}
