package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenHubTest {
    private static final byte[] WEIGHTS = Pulls.weights(3_000_000, 1);
    private static final byte[] OTHERS = Pulls.weights(3_000_000, 2);
    private static final int CUT = 1_234_567;

    @TempDir private Path store;

    private final Pulls.Pauses pauses = new Pulls.Pauses();

    @Test
    void aCutConnectionIsResumedAtTheNextByte() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("model.safetensors", FakeHub.cutAfter(CUT))) {
            pull(hub, 3);

            assertThat(hub.asked("model.safetensors"))
                    .extracting(FakeHub.Asked::range)
                    .containsExactly("", "bytes=" + CUT + "-");
            assertPulled(WEIGHTS);
        }
    }

    @Test
    void aPullThatWasGivenUpGoesOnWhereItStopped() throws IOException {
        CountDownLatch others = new CountDownLatch(3); // config, tokenizer, licence
        PullListener listener =
                new PullListener() {
                    @Override
                    public void fetched(HubFile file) {
                        others.countDown();
                    }
                };
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("model.safetensors", after(others, FakeHub.cutAfter(CUT)))) {
            Puller puller = Pulls.puller(store, hub, 1, pauses, listener);
            assertThatThrownBy(() -> puller.pull(PullRequest.of(Pulls.ID)))
                    .isInstanceOf(ModelException.class);
            PullResult result = pull(hub, 1);

            assertThat(hub.asked("model.safetensors").getLast().range())
                    .isEqualTo("bytes=" + CUT + "-");
            assertThat(hub.asked("config.json")).hasSize(1);
            assertThat(result.fetchedBytes()).isLessThanOrEqualTo(WEIGHTS.length - CUT);
            assertPulled(WEIGHTS);
        }
    }

    /** A pull that ends ends the fetching of its other files too, wherever they are. */
    private static FakeHub.Answer after(CountDownLatch others, FakeHub.Answer answer) {
        return (exchange, content) -> {
            try {
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer.give(exchange, content);
        };
    }

    @Test
    void aFileWithoutHashesThatChangedBetweenTwoPullsIsNotSpliced() throws IOException {
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .withoutHashes()
                        .next("model.safetensors", FakeHub.cutAfter(CUT))) {
            assertThatThrownBy(() -> pull(hub, 1)).isInstanceOf(ModelException.class);
            hub.with("model.safetensors", OTHERS);
            pull(hub, 1);

            assertThat(hub.asked("model.safetensors"))
                    .extracting(FakeHub.Asked::range)
                    .containsExactly("", "bytes=" + CUT + "-", "");
            assertPulled(OTHERS);
        }
    }

    @Test
    void aPartOfAnotherVersionIsThrownAway() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("model.safetensors", FakeHub.cutAfter(CUT))) {
            assertThatThrownBy(() -> pull(hub, 1)).isInstanceOf(ModelException.class);
            hub.with("model.safetensors", OTHERS).at("a".repeat(40));
            pull(hub, 1);

            assertThat(hub.asked("model.safetensors").getLast().range()).isEmpty();
            assertPulled(OTHERS);
        }
    }

    @Test
    void aServerThatKnowsNoRangesSendsTheWholeFileAgain() throws IOException {
        FakeHub.Answer whole =
                (exchange, content) -> FakeHub.send(exchange, 200, content, content.length);
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("model.safetensors", FakeHub.cutAfter(CUT))
                        .next("model.safetensors", whole)) {
            pull(hub, 2);

            assertPulled(WEIGHTS);
        }
    }

    @Test
    void aServerThatAnswersWithAnotherRangeIsAskedForTheWholeFile() throws IOException {
        FakeHub.Answer wrong =
                (exchange, content) -> {
                    exchange.getResponseHeaders()
                            .set("Content-Range", "bytes 0-9/" + content.length);
                    FakeHub.send(exchange, 206, new byte[10], 10);
                };
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("model.safetensors", FakeHub.cutAfter(CUT))
                        .next("model.safetensors", wrong)) {
            pull(hub, 2);

            assertThat(hub.asked("model.safetensors").getLast().range()).isEmpty();
            assertPulled(WEIGHTS);
        }
    }

    @Test
    void aServerThatCutsEveryAnswerIsGivenUp() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            for (int i = 0; i < 20; i++) {
                hub.next("model.safetensors", FakeHub.cutAfter(CUT));
            }
            fails(Kind.ENVIRONMENT, () -> pull(hub, 4), "the connection to 127.0.0.1 failed");

            assertThat(hub.asked("model.safetensors")).hasSizeBetween(4, 5);
            assertThat(pauses.all()).hasSizeBetween(3, 4);
            assertThat(pauses.all().getLast()).isGreaterThan(pauses.all().getFirst());
        }
    }

    @Test
    void progressRenewsThePatience() throws IOException {
        byte[] large = Pulls.weights(9_000_000, 3);
        try (FakeHub hub = Pulls.hub(large)) {
            // Each answer brings more than a megabyte; far more cuts than attempts.
            for (int i = 0; i < 6; i++) {
                hub.next(
                        "model.safetensors",
                        (exchange, content) -> {
                            int from =
                                    FakeHub.header(exchange, "Range").isEmpty()
                                            ? 0
                                            : Integer.parseInt(
                                                    FakeHub.header(exchange, "Range")
                                                            .replaceAll("bytes=|-", ""));
                            exchange.getResponseHeaders()
                                    .set(
                                            "Content-Range",
                                            "bytes %d-%d/%d"
                                                    .formatted(
                                                            from,
                                                            content.length - 1,
                                                            content.length));
                            exchange.sendResponseHeaders(
                                    from == 0 ? 200 : 206, content.length - from);
                            exchange.getResponseBody().write(content, from, 1_200_000);
                            exchange.getResponseBody().flush();
                            exchange.close();
                        });
            }
            pull(hub, 2);

            assertPulled(large);
        }
    }

    @Test
    void aLengthThatIsNotTheFilesIsRefused() throws IOException {
        for (int lie : List.of(1000, WEIGHTS.length + 1000)) {
            FakeHub.Answer liar =
                    (exchange, content) -> {
                        exchange.sendResponseHeaders(200, lie);
                        exchange.getResponseBody().write(content, 0, 1000);
                        exchange.getResponseBody().flush();
                        exchange.close();
                    };
            try (FakeHub hub =
                    Pulls.hub(WEIGHTS)
                            .next("model.safetensors", liar)
                            .next("model.safetensors", liar)) {
                fails(
                        Kind.ENVIRONMENT,
                        () -> pull(hub, 3),
                        "announces %d bytes instead of %d".formatted(lie, WEIGHTS.length));
            }
        }
    }

    @Test
    void aChunkedAnswerThatNeverEndsIsStopped() throws IOException {
        FakeHub.Answer endless =
                (exchange, content) -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 10_000; i++) {
                        exchange.getResponseBody().write(content);
                    }
                    exchange.close();
                };
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("model.safetensors", endless)
                        .next("model.safetensors", endless)) {
            fails(
                    Kind.ENVIRONMENT,
                    () -> pull(hub, 3),
                    "longer than the %d bytes".formatted(WEIGHTS.length));
        }
    }

    @Test
    void wrongBytesNeverBecomeAModel() throws IOException {
        FakeHub.Answer wrong =
                (exchange, content) -> FakeHub.send(exchange, 200, OTHERS, OTHERS.length);
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("model.safetensors", wrong)
                        .next("model.safetensors", wrong)) {
            fails(
                    Kind.ENVIRONMENT,
                    () -> pull(hub, 3),
                    FakeHub.sha256(OTHERS) + " instead of " + FakeHub.sha256(WEIGHTS));
            pull(hub, 3);

            assertThat(hub.asked("model.safetensors").getLast().range()).isEmpty();
            assertPulled(WEIGHTS);
        }
    }

    @Test
    void bytesThatWereDamagedOnceAreFetchedAfresh() throws IOException {
        FakeHub.Answer wrong =
                (exchange, content) -> FakeHub.send(exchange, 200, OTHERS, OTHERS.length);
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("model.safetensors", wrong)) {
            pull(hub, 3);

            assertPulled(WEIGHTS);
        }
    }

    @Test
    void smallFilesAreCheckedByTheirBlobId() throws IOException {
        FakeHub.Answer wrong =
                (exchange, content) ->
                        FakeHub.send(exchange, 200, "[]".getBytes(StandardCharsets.UTF_8), 2);
        try (FakeHub hub =
                Pulls.hub(WEIGHTS).next("tokenizer.json", wrong).next("tokenizer.json", wrong)) {
            fails(Kind.ENVIRONMENT, () -> pull(hub, 3), "its git blob id is");
        }
    }

    @Test
    void aBusyHubIsGivenTheTimeItAsksFor() throws IOException {
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next("", FakeHub.status(429, "Retry-After", "7"))
                        .next("config.json", FakeHub.status(503, "Retry-After", "9"))
                        .next(
                                "tokenizer.json",
                                FakeHub.status(429, "RateLimit", "\"resolvers\";r=0;t=11"))
                        .next("LICENSE", FakeHub.status(502, "X-None", ""))) {
            pull(hub, 3);

            assertThat(pauses.all())
                    .contains(Duration.ofSeconds(7), Duration.ofSeconds(9), Duration.ofSeconds(11))
                    .hasSize(4);
            assertPulled(WEIGHTS);
        }
    }

    @Test
    void aHubThatAsksForAnHourIsLeftAlone() throws IOException {
        try (FakeHub hub =
                Pulls.hub(WEIGHTS).next("", FakeHub.status(429, "Retry-After", "3600"))) {
            fails(Kind.ENVIRONMENT, () -> pull(hub, 3), "asks to come back in 60 min");
            assertThat(pauses.all()).isEmpty();
        }
    }

    @Test
    void aHubThatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Puller impatient = impatient("http://127.0.0.1:" + silent.getLocalPort());
            fails(
                    Kind.ENVIRONMENT,
                    () -> impatient.pull(PullRequest.of(Pulls.ID)),
                    "127.0.0.1 does not answer");
        }
    }

    @Test
    void aHubThatFallsSilentInTheMiddleIsAskedAgain() throws IOException {
        FakeHub.Answer stall =
                (exchange, content) -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, CUT);
                    exchange.getResponseBody().flush();
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        exchange.close();
                    }
                };
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("model.safetensors", stall)) {
            impatient(hub.address()).pull(PullRequest.of(Pulls.ID));

            assertThat(hub.asked("model.safetensors").getLast().range())
                    .isEqualTo("bytes=" + CUT + "-");
            assertPulled(WEIGHTS);
        }
    }

    @Test
    void anUnreachableHubPointsToTheOfflineWay() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        fails(
                Kind.ENVIRONMENT,
                () -> puller("http://127.0.0.1:" + closed, 2).pull(PullRequest.of(Pulls.ID)),
                "cannot connect to 127.0.0.1; on a machine without network");
        fails(
                Kind.ENVIRONMENT,
                () -> puller("http://no-such-host.invalid", 1).pull(PullRequest.of(Pulls.ID)),
                "cannot find no-such-host.invalid: is this machine offline");
    }

    @Test
    void refusalsSayWhatToDo() throws IOException {
        refused(401, "GatedRepo", Map.of(), Kind.DENIED, "is gated; accept the licence at http");
        refused(
                403,
                "GatedRepo",
                Map.of("HF_TOKEN", Pulls.SECRET),
                Kind.DENIED,
                "the account of HF_TOKEN has no access yet");
        refused(401, "RepoNotFound", Map.of(), Kind.DENIED, "no such model, or it is private");
        refused(
                401,
                "",
                Map.of("HF_TOKEN", Pulls.SECRET),
                Kind.DENIED,
                "does not accept the token in HF_TOKEN");
        refused(404, "RepoNotFound", Map.of(), Kind.NOT_FOUND, "has no model acme/tiny");
        refused(404, "RevisionNotFound", Map.of(), Kind.NOT_FOUND, "no revision 'main'");
        refused(418, "", Map.of(), Kind.ENVIRONMENT, "answers HTTP 418");
    }

    @Test
    void anAnswerThatIsNoListIsRefused() throws IOException {
        for (String answer : List.of("<html>login</html>", "[]", "{\"siblings\": [{}]}", "{")) {
            try (FakeHub hub =
                    Pulls.hub(WEIGHTS)
                            .next(
                                    "",
                                    (exchange, content) ->
                                            FakeHub.good(
                                                    exchange,
                                                    answer.getBytes(StandardCharsets.UTF_8)))) {
                fails(Kind.DAMAGED, () -> pull(hub, 1), "the hub's file list of acme/tiny");
            }
        }
    }

    @Test
    void aListWithoutEndIsNotRead() throws IOException {
        byte[] blanks = new byte[1 << 20];
        java.util.Arrays.fill(blanks, (byte) ' ');
        FakeHub.Answer endless =
                (exchange, content) -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 1000; i++) {
                        exchange.getResponseBody().write(blanks);
                    }
                    exchange.close();
                };
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("", endless)) {
            fails(Kind.DAMAGED, () -> pull(hub, 1), "longer than 16 MB");
        }
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        for (String name :
                List.of(
                        "../model.safetensors",
                        "a/../../model.safetensors",
                        "/etc/model.safetensors",
                        "C:model.safetensors",
                        "c:\\model.safetensors",
                        "..\\model.safetensors",
                        "a//b.json",
                        "./config.json",
                        "config.json\0.txt",
                        "config\u202Enosj.json",
                        "a\nb.json",
                        "")) {
            try (FakeHub hub = Pulls.hub(WEIGHTS).with(name, "evil")) {
                fails(Kind.DAMAGED, () -> pull(hub, 1), "is refused because it");
                assertThat(hub.asked()).hasSize(1);
            }
        }
    }

    @Test
    void chosenNamesThatClashOrMeanDevicesAreRefused() throws IOException {
        for (String name : List.of("LICENSE.", "LICENSE-<x>", "license", "LICENSE/config.json")) {
            try (FakeHub hub = Pulls.hub(WEIGHTS).with(name, "evil")) {
                PullRequest all = new PullRequest(Pulls.ID, List.of("**"), 1);
                fails(
                        Kind.DAMAGED,
                        () -> Pulls.puller(store, hub).pull(all),
                        "is refused because it");
                assertThat(hub.asked()).hasSize(1);
            }
        }
    }

    private void refused(
            int code, String error, Map<String, String> environment, Kind kind, String message)
            throws IOException {
        try (FakeHub hub =
                Pulls.hub(WEIGHTS).next("", FakeHub.status(code, "X-Error-Code", error))) {
            Puller puller =
                    Pulls.puller(
                            store,
                            Pulls.client(hub.address(), environment),
                            1,
                            pauses,
                            PullListener.NONE);
            fails(kind, () -> puller.pull(PullRequest.of(Pulls.ID)), message);
        }
    }

    private Puller puller(String address, int attempts) {
        return Pulls.puller(
                store, Pulls.client(address, Map.of()), attempts, pauses, PullListener.NONE);
    }

    private Puller impatient(String address) {
        return Pulls.puller(
                store, Pulls.client(address, Map.of(), Pulls.SHORT), 3, pauses, PullListener.NONE);
    }

    private PullResult pull(FakeHub hub, int attempts) {
        return puller(hub.address(), attempts).pull(PullRequest.of(Pulls.ID));
    }

    private void fails(Kind kind, ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
        assertThat(Pulls.stored(store)).isEmpty();
    }

    private void assertPulled(byte[] weights) {
        assertThat(Pulls.stored(store).orElseThrow().directory().resolve("model.safetensors"))
                .hasBinaryContent(weights);
    }
}
