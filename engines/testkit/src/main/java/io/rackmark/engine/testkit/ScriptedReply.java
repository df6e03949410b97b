package io.rackmark.engine.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ScriptedServer} does with one request, byte by byte.
 *
 * @param steps in order
 * @param keepAlive whether the connection serves another request afterwards
 */
public record ScriptedReply(List<Step> steps, boolean keepAlive) {

    private static final String CRLF = "\r\n";

    /** One thing the server does. */
    public sealed interface Step {
        /** Sends bytes; the time is taken right before. */
        @SuppressWarnings("ArrayRecordComponent")
        record Send(byte[] bytes) implements Step {}

        /** Does nothing for a while, counted from the step before. */
        record Wait(Duration duration) implements Step {}

        /** Sends bytes again and again, with a pause after each. */
        @SuppressWarnings("ArrayRecordComponent")
        record Repeat(byte[] bytes, long times, Duration pause) implements Step {}

        /** Breaks the connection as a crashing server does. */
        record Reset() implements Step {}

        /** Ends the connection as a server does that is done. */
        record Close() implements Step {}
    }

    public ScriptedReply {
        steps = List.copyOf(steps);
    }

    /** A JSON answer of known length. */
    public static ScriptedReply json(int status, String body, String... headers) {
        return answer(status, "application/json", body, headers);
    }

    /** An answer of known length. */
    public static ScriptedReply answer(int status, String type, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ").append(status).append(" Scripted\r\n");
        head.append("Content-Type: ").append(type).append("\r\n");
        head.append("Content-Length: ").append(bytes.length).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("\r\n");
        return new ScriptedReply(
                List.of(new Step.Send(bytes(head.toString())), new Step.Send(bytes)), true);
    }

    /** A whole event stream, in one chunk of the transfer coding. */
    public static ScriptedReply events(String stream) {
        return new Stream().send(stream).end();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Builds an event stream in the chunked transfer coding. */
    public static final class Stream {
        private final List<Step> steps = new ArrayList<>();

        /** Begins with the response's head. */
        public Stream() {
            steps.add(
                    new Step.Send(
                            bytes(
                                    String.join(
                                            CRLF,
                                            "HTTP/1.1 200 OK",
                                            "Content-Type: text/event-stream",
                                            "Transfer-Encoding: chunked",
                                            CRLF))));
        }

        /** Sends a text in a chunk of its own. */
        public Stream send(String text) {
            return send(bytes(text));
        }

        /** Sends bytes in a chunk of their own. */
        public Stream send(byte[] bytes) {
            steps.add(new Step.Send(chunk(bytes)));
            return this;
        }

        /** Waits. */
        public Stream pause(Duration duration) {
            steps.add(new Step.Wait(duration));
            return this;
        }

        /** Sends a text again and again, each in a chunk of its own. */
        public Stream repeat(String text, long times, Duration pause) {
            steps.add(new Step.Repeat(chunk(bytes(text)), times, pause));
            return this;
        }

        /** Ends the stream in order. */
        public ScriptedReply end() {
            steps.add(new Step.Send(bytes("0\r\n\r\n")));
            return new ScriptedReply(steps, true);
        }

        /** Breaks the connection. */
        public ScriptedReply reset() {
            steps.add(new Step.Reset());
            return new ScriptedReply(steps, false);
        }

        /** Closes the connection in the middle of the transfer coding. */
        public ScriptedReply close() {
            steps.add(new Step.Close());
            return new ScriptedReply(steps, false);
        }

        private static byte[] chunk(byte[] bytes) {
            byte[] head = bytes(Integer.toHexString(bytes.length) + "\r\n");
            byte[] chunk = new byte[head.length + bytes.length + 2];
            System.arraycopy(head, 0, chunk, 0, head.length);
            System.arraycopy(bytes, 0, chunk, head.length, bytes.length);
            chunk[chunk.length - 2] = '\r';
            chunk[chunk.length - 1] = '\n';
            return chunk;
        }
    }
}
