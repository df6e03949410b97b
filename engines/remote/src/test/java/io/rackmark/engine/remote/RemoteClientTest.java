package io.rackmark.engine.remote;

import static io.rackmark.engine.remote.Clients.finish;
import static io.rackmark.engine.remote.Clients.piece;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("StringConcatToTextBlock")
class RemoteClientTest {
    private static final ScriptedReply HI = ScriptedReply.events(piece("Hi") + finish("stop"));

    @Test
    void theCommonRequestIsThatOfOpenAi() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(HI);
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            client.send(Clients.chat());
            ScriptedServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("authorization", "Bearer " + Clients.KEY)
                    .containsEntry("accept-encoding", "identity");
            assertThat(json(request.body()))
                    .isEqualTo(
                            json(
                                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],"
                                        + "\"max_tokens\":16,\"temperature\":0,\"stream\":true,"
                                        + "\"stream_options\":{\"include_usage\":true}}"));
        }
    }

    @Test
    void aDialectChangesNamesHeadersAndBody() throws Exception {
        Dialect dialect =
                new Dialect(
                        "Api-Key",
                        "max_completion_tokens",
                        false,
                        false,
                        "low",
                        "json_object",
                        Map.of("X-Team", "lab"),
                        new JsonMapper().createObjectNode().put("seed", 7));
        try (ScriptedServer server = ScriptedServer.always(HI);
                RemoteClient client = Clients.of(server.url() + "/", dialect, Clients.SHORT)) {
            client.send(Clients.chat());
            ScriptedServer.Request request = server.requests().getFirst();
            assertThat(request.headers())
                    .containsEntry("authorization", "Api-Key " + Clients.KEY)
                    .containsEntry("x-team", "lab");
            assertThat(json(request.body()))
                    .isEqualTo(
                            json(
                                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],"
                                        + "\"max_completion_tokens\":16,\"stream\":true,"
                                        + "\"reasoning_effort\":\"low\","
                                        + "\"response_format\":{\"type\":\"json_object\"},\"seed\":7}"));
        }
    }

    @Test
    void aStandingConnectionIsUsedAgainAndSaysSo() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(HI);
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            RemoteResult first = client.send(Clients.chat());
            RemoteResult second = client.send(Clients.chat());
            Network fresh = first.timeline().network();
            assertThat(fresh.reused()).isFalse();
            assertThat(fresh.connectNanos()).isPositive();
            assertThat(fresh.tlsNanos()).isNull();
            assertThat(fresh.requestNanos())
                    .isLessThanOrEqualTo(Objects.requireNonNull(fresh.headersNanos()));
            Network standing = second.timeline().network();
            assertThat(standing.reused()).isTrue();
            assertThat(standing.connectNanos()).isNull();
            assertThat(server.requests())
                    .extracting(ScriptedServer.Request::connection)
                    .containsExactly(1, 1);
        }
    }

    @Test
    void eventsAreTimedWhenTheyArriveAndNotLater() throws Exception {
        ScriptedReply reply =
                new ScriptedReply.Stream()
                        .send(piece("a"))
                        .pause(Duration.ofMillis(60))
                        .send(piece("b"))
                        .pause(Duration.ofMillis(60))
                        .send(finish("stop"))
                        .end();
        try (ScriptedServer server = ScriptedServer.always(reply);
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            RemoteResult result = client.send(Clients.chat());
            List<Long> sent = server.sentNanos().subList(1, 4);
            List<StreamEvent> events = result.timeline().events();
            assertThat(events).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(events.get(i).nanos() - sent.get(i))
                        .as("event %d", i)
                        .isBetween(0L, 50_000_000L);
            }
            assertThat(events.getFirst().nanos()).isGreaterThan(result.timeline().sentNanos());
        }
    }

    @Test
    void aProxyIsAskedInPlaceOfTheServer() throws Exception {
        try (ScriptedServer proxy =
                ScriptedServer.start(
                        ServerSocketFactory.getDefault(),
                        request ->
                                request.line().startsWith("POST")
                                        ? HI
                                        : ScriptedReply.json(403, "{}"))) {
            assertThat(through(proxy, "http://server.invalid/v1").text()).isEqualTo("Hi");
            assertThat(through(proxy, "https://server.invalid/v1").failure())
                    .extracting(RemoteFailure::message)
                    .asString()
                    .contains("cannot connect", "Unexpected response code for CONNECT: 403");
            assertThat(proxy.requests())
                    .extracting(ScriptedServer.Request::line)
                    .containsExactly(
                            "POST http://server.invalid/v1/chat/completions HTTP/1.1",
                            "CONNECT server.invalid:443 HTTP/1.1");
        }
    }

    private static RemoteResult through(ScriptedServer proxy, String url) {
        try (RemoteClient client =
                new RemoteClient(
                        new Endpoint("acme", URI.create(url), Optional.empty(), "", false),
                        Dialect.COMMON,
                        Clients.SHORT,
                        Clients.SMALL,
                        ProxySelector.of(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), proxy.port())))) {
            return client.send(Clients.chat());
        }
    }

    @Test
    void roundTripsAreMeasuredOnFreshConnections() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(HI);
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            RoundTrip trip = client.roundTrip(5).orElseThrow();
            assertThat(trip.nanos()).hasSize(5).isSorted();
            assertThat(trip.leastNanos()).isPositive();
        }
    }

    @Test
    void modelsAreListedWithWhatIsTold() throws Exception {
        ScriptedReply list =
                ScriptedReply.json(
                        200,
                        "{\"data\":[{\"id\":\"b\",\"context_length\":8192,\"quantization\":\"fp8\"},"
                            + "{\"id\":\"a\",\"owned_by\":\"me\"},{\"noise\":1}]}");
        try (ScriptedServer server = ScriptedServer.always(list);
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            assertThat(client.models())
                    .containsExactly(
                            new RemoteModel("a", null, null, "me"),
                            new RemoteModel("b", 8192, "fp8", null));
        }
        try (ScriptedServer server = ScriptedServer.always(ScriptedReply.json(401, "{}"));
                RemoteClient client = Clients.of(server.url(), Dialect.COMMON, Clients.SHORT)) {
            assertThatThrownBy(client::models)
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("ACME_API_KEY");
        }
    }

    @Test
    void aKeyThatTheServerRepeatsStandsInNoResult() throws Exception {
        String echo = "{\"error\":{\"message\":\"Incorrect API key: %s\"}}".formatted(Clients.KEY);
        for (ScriptedReply reply :
                List.of(
                        ScriptedReply.json(401, echo),
                        ScriptedReply.json(500, "x" + Clients.KEY),
                        ScriptedReply.events("data: " + echo + "\n\n"),
                        ScriptedReply.events("data: " + Clients.KEY + "\n\n"))) {
            RemoteResult result = Clients.chat(reply);
            assertThat(result.failure()).isNotNull();
            assertThat(result.toString()).doesNotContain(Clients.KEY);
        }
    }

    @Test
    void aKeyIsNotSentReadableToAnotherMachine() {
        try (RemoteClient client =
                Clients.of("http://192.0.2.1/v1", Dialect.COMMON, Clients.SHORT)) {
            RemoteFailure failure = Objects.requireNonNull(client.send(Clients.chat()).failure());
            assertThat(failure.kind()).isEqualTo(RemoteFailure.Kind.DENIED);
            assertThat(failure.message()).contains("unencrypted").doesNotContain(Clients.KEY);
        }
    }

    @Test
    void keysAndAddressesThatCannotBeAreRefusedWithoutShowingThem() {
        assertThatThrownBy(() -> ApiKey.of(Map.of("K", "se cret"), "K"))
                .hasMessageContaining("K holds")
                .hasMessageNotContaining("cret");
        assertThatThrownBy(
                        () ->
                                new Endpoint(
                                        "acme",
                                        URI.create("https://u:pw@host/v1"),
                                        Optional.empty(),
                                        "",
                                        false))
                .hasMessageContaining("no password")
                .hasMessageNotContaining("pw@");
        assertThat(ApiKey.of(Map.of("K", Clients.KEY), "K").orElseThrow().toString())
                .doesNotContain(Clients.KEY);
        assertThat(ProxySelector.of(null)).isNotNull();
    }

    private static JsonNode json(String text) {
        return new JsonMapper().readTree(text);
    }
}
