package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    private static final byte[] WEIGHTS = Pulls.weights(100_000, 1);
    private static final Map<String, String> ENVIRONMENT = Map.of("HF_TOKEN", Pulls.SECRET);
    private static final String HEADER = "Bearer " + Pulls.SECRET;

    @TempDir private Path store;

    private final List<Object> told = new CopyOnWriteArrayList<>();
    private final PullListener telling =
            new PullListener() {
                @Override
                public void planned(PullPlan plan, long presentBytes) {
                    told.add(plan);
                }

                @Override
                public void retrying(String file, String reason, Duration pause) {
                    told.add(file + reason);
                }

                @Override
                public void fetched(HubFile file) {
                    told.add(file);
                }
            };

    @Test
    void theTokenGoesToTheHubAndToNoOtherServer() throws IOException {
        try (FakeHub delivery = Pulls.hub(WEIGHTS);
                FakeHub hub = Pulls.hub(WEIGHTS)) {
            String elsewhere = delivery.address() + "/acme/tiny/resolve/main/model.safetensors";
            hub.next("model.safetensors", FakeHub.status(302, "Location", elsewhere));
            pull(hub);

            assertThat(hub.asked())
                    .extracting(FakeHub.Asked::authorization)
                    .isNotEmpty()
                    .containsOnly(HEADER);
            assertThat(delivery.asked())
                    .singleElement()
                    .extracting(FakeHub.Asked::authorization)
                    .isEqualTo("");
            assertThat(Pulls.stored(store).orElseThrow().directory().resolve("model.safetensors"))
                    .hasBinaryContent(WEIGHTS);
        }
    }

    @Test
    void aRedirectOnTheHubItselfKeepsTheToken() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            hub.next(
                    "config.json",
                    FakeHub.status(
                            307,
                            "Location",
                            "/acme/renamed/resolve/" + FakeHub.COMMIT + "/config.json"));
            pull(hub);

            assertThat(hub.asked("config.json"))
                    .hasSize(2)
                    .extracting(FakeHub.Asked::authorization)
                    .containsOnly(HEADER);
        }
    }

    @Test
    void theTokenIsNotSentWhereOthersCanReadIt() {
        try (HubClient open = Pulls.client("http://hub.example", ENVIRONMENT);
                HubClient closed = Pulls.client("https://hub.example", ENVIRONMENT)) {
            assertThat(open.authorized()).isFalse();
            assertThat(open.withholds()).isTrue();
            assertThat(closed.authorized()).isTrue();
            assertThat(closed.withholds()).isFalse();
        }
    }

    @Test
    void theTokenIsNowhereInWhatIsTold() throws IOException {
        // A hub that repeats what it was sent, as some do in their errors.
        FakeHub.Answer echo =
                (exchange, content) -> {
                    exchange.getResponseHeaders().set("X-Error-Message", HEADER);
                    exchange.getResponseHeaders().set("X-Error-Code", HEADER);
                    byte[] body = HEADER.getBytes(StandardCharsets.UTF_8);
                    FakeHub.send(exchange, told.isEmpty() ? 403 : 500, body, body.length);
                };
        for (int attempt = 0; attempt < 3; attempt++) {
            try (FakeHub hub = Pulls.hub(WEIGHTS)) {
                hub.next(attempt == 0 ? "" : "model.safetensors", echo);
                hub.next(attempt == 0 ? "" : "model.safetensors", FakeHub.cutAfter(500));
                assertThatThrownBy(() -> pull(hub)).satisfies(fault -> told.add(trace(fault)));
            }
        }
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            told.add(pull(hub));
        }

        assertThat(told.toString()).contains("model.safetensors").doesNotContain(Pulls.SECRET);
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(Pulls.SECRET);
            }
        }
    }

    @Test
    void aTokenThatIsNoneIsRefusedWithoutBeingShown() {
        for (String value : List.of("two words", "line\nbreak", "umläut")) {
            assertThatThrownBy(() -> HubToken.from(Map.of("HF_TOKEN", value)))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("HF_TOKEN")
                    .satisfies(fault -> assertThat(trace(fault)).doesNotContain(value));
        }
        assertThat(HubToken.from(Map.of("HF_TOKEN", " "))).isEmpty();
        assertThat(HubToken.from(ENVIRONMENT).orElseThrow()).hasToString("HF_TOKEN");
    }

    @Test
    void anAddressWithAPasswordIsRefusedWithoutBeingShown() {
        for (String address :
                List.of("https://me:" + Pulls.SECRET + "@hub", "https://hub/?t=" + Pulls.SECRET)) {
            assertThatThrownBy(
                            () ->
                                    new HubClient(
                                            address,
                                            Optional.empty(),
                                            ProxyRules.of(Map.of(), new Properties()),
                                            HubClient.Timeouts.USUAL))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("must not hold a password")
                    .satisfies(fault -> assertThat(trace(fault)).doesNotContain(Pulls.SECRET));
        }
    }

    private PullResult pull(FakeHub hub) {
        return Pulls.puller(
                        store,
                        Pulls.client(hub.address(), ENVIRONMENT),
                        2,
                        new Pulls.Pauses(),
                        telling)
                .pull(PullRequest.of(Pulls.ID));
    }

    private static String trace(Throwable fault) {
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
