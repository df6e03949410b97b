package io.rackmark.engine.testkit;

import io.rackmark.engine.testkit.ScriptedReply.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ServerSocketFactory;

/**
 * A scripted server in a process of its own. Each event's text is the time of its sending, so a
 * client knows the truth of what it measured: {@link System#nanoTime()} is CLOCK_MONOTONIC on Linux
 * and the same in all processes. The request path says what is sent: {@code
 * /v1/stamped/EVENTS/PAUSE_MICROS} or {@code /v1/flood/EVENTS}.
 */
public final class StampingServer {
    private static final String PIECE =
            "data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
                    + "\"finish_reason\":null}]}\n\n";

    private StampingServer() {}

    /** Prints its port, then serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        ScriptedServer server =
                ScriptedServer.start(
                        ServerSocketFactory.getDefault(), request -> reply(request.line()));
        try (server) {
            System.out.println(server.port());
            int _ = System.in.read();
        }
    }

    private static ScriptedReply reply(String line) {
        String[] path = line.split("[ /]+", -1);
        int events = Integer.parseInt(path[3]);
        Stream stream = new Stream();
        if (path[2].equals("stamped")) {
            Duration pause = Duration.ofNanos(1000L * Integer.parseInt(path[4]));
            String piece = String.format(Locale.ROOT, PIECE, "@ ");
            for (int i = 0; i < events; i++) {
                stream.pause(pause).stamped(piece);
            }
        } else {
            int perChunk = 100;
            stream.repeat(
                    String.format(Locale.ROOT, PIECE, "x").repeat(perChunk),
                    events / perChunk,
                    Duration.ZERO);
        }
        return stream.send("data: [DONE]\n\n").end();
    }
}
