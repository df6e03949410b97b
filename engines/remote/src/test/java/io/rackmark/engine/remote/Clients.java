package io.rackmark.engine.remote;

import io.rackmark.engine.Message;
import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clients of scripted servers. */
final class Clients {
    static final String KEY = "sk-planted-3f9a7c51";
    static final Deadlines SHORT =
            new Deadlines(Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMillis(900));
    static final Bounds SMALL = new Bounds(1 << 20, 1 << 20, 4 << 20);

    private Clients() {}

    static RemoteClient of(String url, Dialect dialect, Deadlines deadlines) {
        return new RemoteClient(
                new Endpoint(
                        "acme",
                        URI.create(url),
                        ApiKey.of(Map.of("ACME_API_KEY", KEY), "ACME_API_KEY"),
                        "ACME_API_KEY",
                        false),
                dialect,
                deadlines,
                SMALL,
                ProxySelector.of(null));
    }

    static RemoteRequest chat() {
        return RemoteRequest.chat("m", List.of(new Message(Message.Role.USER, "hello")), 16);
    }

    /** Sends one chat to a server that answers so. */
    static RemoteResult chat(ScriptedReply reply) throws IOException {
        return send(reply, chat());
    }

    static RemoteResult send(ScriptedReply reply, RemoteRequest request) throws IOException {
        try (ScriptedServer server = ScriptedServer.always(reply);
                RemoteClient client = of(server.url(), Dialect.COMMON, SHORT)) {
            return client.send(request);
        }
    }

    /** One event with a piece of the answer. */
    static String piece(String text) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                .formatted(text);
    }

    static String finish(String reason) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}\n\n"
                .formatted(reason);
    }

    static Optional<RemoteFailure.Kind> kind(RemoteResult result) {
        return Optional.ofNullable(result.failure()).map(RemoteFailure::kind);
    }
}
