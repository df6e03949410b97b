package io.rackmark.engine.remote;

import static io.rackmark.engine.remote.Clients.chat;
import static io.rackmark.engine.remote.Clients.kind;
import static io.rackmark.engine.remote.Clients.piece;
import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.remote.RemoteFailure.Kind;
import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedReply.Step;
import io.rackmark.engine.testkit.ScriptedReply.Stream;
import io.rackmark.engine.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Everything that goes wrong ends in the right state, within the deadline. */
@SuppressWarnings("StringConcatToTextBlock")
class FaultsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static RemoteFailure refused(int status, String body, String... headers)
            throws IOException {
        return Objects.requireNonNull(chat(ScriptedReply.json(status, body, headers)).failure());
    }

    /** The state in which it ended; it must not take longer than the total deadline and a bit. */
    private static RemoteResult timed(ScriptedReply reply) throws IOException {
        long start = System.nanoTime();
        RemoteResult result = chat(reply);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        return result;
    }

    @Test
    void waitingHelpsAgainst429And5xx() throws Exception {
        RemoteFailure limited = refused(429, "{}", "Retry-After: 7");
        assertThat(limited.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(limited.passes()).isTrue();
        for (int status : new int[] {500, 502, 503, 529}) {
            assertThat(refused(status, "oops").passes()).as("HTTP %d", status).isTrue();
        }
    }

    @Test
    void aUsedUpQuotaIsNoRateLimit() throws Exception {
        RemoteFailure failure =
                refused(429, "{\"error\":{\"message\":\"no\",\"code\":\"insufficient_quota\"}}");
        assertThat(failure.kind()).isEqualTo(Kind.DENIED);
        assertThat(failure.message()).contains("balance");
    }

    @Test
    void denialsNameTheRemedy() throws Exception {
        RemoteFailure failure = refused(401, "{\"error\":{\"message\":\"Invalid API key\"}}");
        assertThat(failure.kind()).isEqualTo(Kind.DENIED);
        assertThat(failure.message()).contains("Invalid API key", "ACME_API_KEY");
        assertThat(refused(403, "{\"detail\":\"no\"}").kind()).isEqualTo(Kind.DENIED);
    }

    @Test
    void anUnknownModelIsToldFromAWrongAddress() throws Exception {
        assertThat(
                        refused(404, "{\"error\":{\"message\":\"The model `m` does not exist\"}}")
                                .kind())
                .isEqualTo(Kind.NO_SUCH_MODEL);
        assertThat(refused(400, "{\"error\":{\"message\":\"m is not a valid model ID\"}}").kind())
                .isEqualTo(Kind.NO_SUCH_MODEL);
        RemoteFailure address = refused(404, "<html>not here</html>");
        assertThat(address.kind()).isEqualTo(Kind.NO_SUCH_ADDRESS);
        assertThat(address.message()).contains("a web page", "/v1");
        assertThat(refused(302, "", "Location: https://elsewhere.invalid/").kind())
                .isEqualTo(Kind.NO_SUCH_ADDRESS);
    }

    @Test
    void aPromptThatIsTooLongIsToldFromAWrongRequest() throws Exception {
        assertThat(
                        refused(
                                        400,
                                        "{\"error\":{\"code\":\"context_length_exceeded\","
                                                + "\"message\":\"too long\"}}")
                                .kind())
                .isEqualTo(Kind.CONTEXT_OVERFLOW);
        assertThat(refused(422, "{\"error\":{\"message\":\"temperature\"}}").kind())
                .isEqualTo(Kind.BAD_REQUEST);
    }

    @Test
    void aConnectionCutInTheAnswerIsCut() throws Exception {
        RemoteResult reset = timed(new Stream().send(piece("Hi")).reset());
        assertThat(kind(reset)).contains(Kind.CUT);
        RemoteResult closed = timed(new Stream().send(piece("Hi")).close());
        assertThat(kind(closed)).contains(Kind.CUT);
        assertThat(closed.text()).isEqualTo("Hi");
    }

    @Test
    void aStalledServerIsNotWaitedFor() throws Exception {
        assertThat(kind(timed(new Stream().send(piece("Hi")).pause(LONG).end())))
                .contains(Kind.STALLED);
        assertThat(kind(timed(new ScriptedReply(List.of(new Step.Wait(LONG)), false))))
                .contains(Kind.STALLED);
    }

    @Test
    void aTrickleEndsAtTheTotalDeadline() throws Exception {
        assertThat(kind(timed(new Stream().repeat("d", 1000, Duration.ofMillis(100)).end())))
                .contains(Kind.DEADLINE);
    }

    @Test
    void anEndlessStreamIsCutOff() throws Exception {
        assertThat(kind(timed(new Stream().repeat(piece("more"), 1L << 40, Duration.ZERO).end())))
                .get()
                .isIn(Kind.TOO_LARGE, Kind.DEADLINE);
        assertThat(
                        kind(
                                timed(
                                        new Stream()
                                                .repeat(
                                                        piece("more"),
                                                        1L << 40,
                                                        Duration.ofMillis(5))
                                                .end())))
                .contains(Kind.DEADLINE);
    }

    @Test
    void aBodyOf30MegabytesIsCutOff() throws Exception {
        byte[] head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] body = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(
                        kind(
                                timed(
                                        new ScriptedReply(
                                                List.of(
                                                        new Step.Send(head),
                                                        new Step.Repeat(body, 30, Duration.ZERO)),
                                                false))))
                .contains(Kind.TOO_LARGE);
    }

    @Test
    void nobodyListeningIsUnreachable() throws Exception {
        int port;
        try (ScriptedServer server = ScriptedServer.always(ScriptedReply.json(200, "{}"))) {
            port = server.port();
        }
        try (RemoteClient client =
                Clients.of("http://127.0.0.1:" + port, Dialect.COMMON, Clients.SHORT)) {
            assertThat(kind(client.send(Clients.chat()))).contains(Kind.UNREACHABLE);
            assertThat(client.roundTrip(3)).isEmpty();
        }
    }

    @Test
    void anUntrustedCertificateIsToldAsSuch() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(
                                SelfSigned.context().getServerSocketFactory(),
                                _ -> ScriptedReply.json(200, "{}"));
                RemoteClient client =
                        Clients.of(
                                "https://127.0.0.1:" + server.port(),
                                Dialect.COMMON,
                                new Deadlines(LONG, LONG, LONG))) {
            RemoteFailure failure = Objects.requireNonNull(client.send(Clients.chat()).failure());
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
            assertThat(failure.message()).contains("not trusted");
        }
    }
}
