package io.rackmark.engine.remote;

import java.util.Arrays;

/**
 * Server-sent events from bytes, however they were split. Follows the event stream format of the
 * HTML standard: lines end in LF, CR or CRLF, a line that begins with a colon is a comment, several
 * data lines are joined by LF, an empty line ends an event; {@code id} and {@code retry} say
 * nothing here.
 */
final class SseParser {
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};
    private static final int BOM_BYTES = 3;

    /** Takes events. */
    interface Sink {
        /**
         * One event. The array is the parser's and is overwritten by the next event.
         *
         * @param named whether the event is called {@code error}
         * @param nanos when what completed it arrived
         * @return whether more is wanted
         */
        boolean event(boolean named, byte[] data, int length, long nanos);
    }

    /** An event that is longer than allowed. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLongException(int bytes) {
            super("an event of more than %d bytes".formatted(bytes));
        }
    }

    private final Sink sink;
    private final int mostBytes;
    private byte[] line = new byte[1024];
    private int lineLength;
    private byte[] data = new byte[1024];
    private int dataLength;
    private boolean hasData;
    private boolean error;
    private boolean afterCr;
    private boolean firstLine = true;
    private boolean open = true;

    /**
     * A parser at the beginning of a stream.
     *
     * @param mostBytes longest line and longest event
     */
    SseParser(Sink sink, int mostBytes) {
        this.sink = sink;
        this.mostBytes = mostBytes;
    }

    /**
     * Parses what one read brought.
     *
     * @param nanos when it arrived
     * @return whether more is wanted
     */
    boolean feed(byte[] bytes, int length, long nanos) throws TooLongException {
        int from = 0;
        if (afterCr && length > 0) {
            from = bytes[0] == '\n' ? 1 : 0;
            afterCr = false;
        }
        for (int i = from; i < length && open; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                continue;
            }
            append(bytes, from, i);
            endLine(nanos);
            if (b == '\r' && i + 1 == length) {
                afterCr = true;
            } else if (b == '\r' && bytes[i + 1] == '\n') {
                i++;
            }
            from = i + 1;
        }
        if (open) {
            append(bytes, from, length);
        }
        return open;
    }

    /**
     * Ends the stream. An event that lacks its empty line is handed on, too: whether it is whole is
     * told by what is in it.
     */
    void end(long nanos) throws TooLongException {
        if (open && lineLength > 0) {
            endLine(nanos);
        }
        if (open) {
            dispatch(nanos);
        }
    }

    private void append(byte[] bytes, int from, int to) throws TooLongException {
        int count = to - from;
        if (count <= 0) {
            return;
        }
        line = room(line, lineLength, count);
        System.arraycopy(bytes, from, line, lineLength, count);
        lineLength += count;
    }

    private void endLine(long nanos) throws TooLongException {
        int start = firstLine && startsWithBom() ? BOM_BYTES : 0;
        firstLine = false;
        if (lineLength == start) {
            dispatch(nanos);
        } else {
            field(start);
        }
        lineLength = 0;
    }

    private boolean startsWithBom() {
        return lineLength >= BOM_BYTES
                && line[0] == (byte) 0xef
                && line[1] == (byte) 0xbb
                && line[2] == (byte) 0xbf;
    }

    private void field(int start) throws TooLongException {
        int colon = start;
        while (colon < lineLength && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(colon + 1, lineLength);
        if (value < lineLength && line[value] == ' ') {
            value++;
        }
        if (is(DATA, start, colon)) {
            if (hasData) {
                data = room(data, dataLength, 1);
                data[dataLength++] = '\n';
            }
            hasData = true;
            data = room(data, dataLength, lineLength - value);
            System.arraycopy(line, value, data, dataLength, lineLength - value);
            dataLength += lineLength - value;
        } else if (is(EVENT, start, colon)) {
            error = is(ERROR, value, lineLength);
        }
    }

    private boolean is(byte[] word, int from, int to) {
        return Arrays.equals(line, from, to, word, 0, word.length);
    }

    private void dispatch(long nanos) {
        if (hasData) {
            open = sink.event(error, data, dataLength, nanos);
        }
        hasData = false;
        error = false;
        dataLength = 0;
    }

    private byte[] room(byte[] array, int used, int more) throws TooLongException {
        if (more > mostBytes - used) {
            throw new TooLongException(mostBytes);
        }
        int needed = used + more;
        return needed <= array.length
                ? array
                : Arrays.copyOf(array, Math.max(needed, Math.min(mostBytes, array.length * 2)));
    }
}
