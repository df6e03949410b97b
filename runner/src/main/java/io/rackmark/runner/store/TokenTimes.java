package io.rackmark.runner.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Token arrivals as a BLOB: nanoseconds after the request was sent, 64 bit, little-endian. */
final class TokenTimes {
    private TokenTimes() {}

    static byte[] encode(long sentNanos, List<Long> tokenNanos) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(tokenNanos.size(), Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        tokenNanos.forEach(nanos -> bytes.putLong(nanos - sentNanos));
        return bytes.array();
    }

    static List<Long> decode(long sentNanos, byte[] blob) {
        if (blob.length % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "token times hold %d bytes, not a multiple of 8".formatted(blob.length));
        }
        ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> tokenNanos = new ArrayList<>(blob.length / Long.BYTES);
        while (bytes.hasRemaining()) {
            tokenNanos.add(sentNanos + bytes.getLong());
        }
        return tokenNanos;
    }
}
