package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.Catalogue;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelSource;
import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullerTest {
    private static final byte[] WEIGHTS = Pulls.weights(3_000_000, 1);

    @TempDir private Path store;

    @Test
    void aPulledModelResolvesAndHoldsWhatACheckpointNeeds() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS).with("original/consolidated.00.pth", "pickle")) {
            PullResult result = Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));

            assertThat(result.wasPresent()).isFalse();
            assertThat(result.model().files())
                    .extracting(PulledModel.File::name)
                    .containsExactly(
                            "LICENSE", "config.json", "model.safetensors", "tokenizer.json");
            assertThat(result.fetchedBytes()).isEqualTo(result.model().bytes());
            assertThat(result.directory().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
            assertThat(resolve("acme/tiny"))
                    .isEqualTo(new ModelSource.Directory("tiny", result.directory()));
            assertThat(hub.asked("README.md")).isEmpty();
            assertThat(hub.asked("config.json").getFirst().path())
                    .isEqualTo("/acme/tiny/resolve/" + FakeHub.COMMIT + "/config.json");
        }
    }

    @Test
    void licenceAndConsentAreTold() throws IOException {
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .saying("gated", "manual")
                        .saying("cardData", Map.of("license", "llama3.2"))) {
            PulledModel model = Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)).model();

            assertThat(model.licence()).contains("llama3.2");
            assertThat(model.gated()).isTrue();
            assertThat(Pulls.stored(store).orElseThrow().pulled()).isEqualTo(model);
        }
    }

    @Test
    void furtherFilesComeWhenTheirPatternIsGiven() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS).with("onnx/model.onnx", "graph")) {
            PullResult result =
                    Pulls.puller(store, hub)
                            .pull(new PullRequest(Pulls.ID, List.of("onnx/*.onnx"), 2));

            assertThat(result.directory().resolve("onnx/model.onnx")).hasContent("graph");
            assertThatThrownBy(
                            () ->
                                    Pulls.puller(store, hub)
                                            .pull(new PullRequest(Pulls.ID, List.of("*.bin"), 2)))
                    .hasMessageContaining("--include '*.bin'")
                    .hasMessageContaining("onnx/model.onnx");
        }
    }

    @Test
    void aRepositoryWithoutSafetensorsSaysWhatItHolds() throws IOException {
        try (FakeHub hub =
                new FakeHub().with("config.json", "{}").with("pytorch_model.bin", "pickle")) {
            assertThatThrownBy(() -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("no safetensors weights")
                    .hasMessageContaining("pytorch_model.bin");
        }
    }

    @Test
    void aSingleGgufResolvesAsSuch() throws IOException {
        try (FakeHub hub = new FakeHub().with("tiny-q4.gguf", "GGUF").with("tiny-q8.gguf", "G")) {
            PullResult result =
                    Pulls.puller(store, hub)
                            .pull(new PullRequest(Pulls.ID, List.of("*q4.gguf"), 1));

            assertThat(resolve("acme/tiny"))
                    .isEqualTo(
                            new ModelSource.Gguf(
                                    "tiny", result.directory().resolve("tiny-q4.gguf")));
        }
    }

    @Test
    void aDryRunFetchesNothing() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            PullPlan plan = Pulls.puller(store, hub).plan(PullRequest.of(Pulls.ID));

            assertThat(plan.files()).hasSize(4);
            assertThat(plan.bytes()).isGreaterThan(WEIGHTS.length);
            assertThat(hub.asked()).hasSize(1);
            assertThat(store).isEmptyDirectory();
        }
    }

    @Test
    void aModelThatIsHereIsNotFetchedAgain() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));
            int asked = hub.asked().size();

            assertThat(Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)).wasPresent())
                    .isTrue();
            assertThat(hub.asked()).hasSize(asked + 1);
        }
    }

    @Test
    void aModelThatLostAFileIsFetchedAgain() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            PullResult first = Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));
            Files.delete(first.directory().resolve("config.json"));

            assertThat(Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)).wasPresent())
                    .isFalse();
            assertThat(first.directory().resolve("config.json")).isRegularFile();
            assertThat(hub.asked("model.safetensors")).hasSize(1);
        }
    }

    @Test
    void aPinnedModelThatIsHereNeedsNoNetwork() throws IOException {
        ModelId pinned = new ModelId("acme", "tiny", FakeHub.COMMIT);
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Pulls.puller(store, hub).pull(PullRequest.of(pinned));
            int asked = hub.asked().size();

            assertThat(Pulls.puller(store, hub).pull(PullRequest.of(pinned)).wasPresent()).isTrue();
            assertThat(hub.asked()).hasSize(asked);
        }
    }

    @Test
    void whenTheHubMovedOnOnlyWhatChangedIsFetched() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));
            String newer = "f".repeat(40);
            hub.with("config.json", "{\"model_type\": \"qwen2\"}").at(newer);

            PullResult result = Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));

            assertThat(result.model().commit()).isEqualTo(newer);
            assertThat(result.directory().resolve("config.json")).content().contains("qwen2");
            assertThat(result.directory().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
            assertThat(hub.asked("model.safetensors")).hasSize(1);
        }
    }

    @Test
    void aHalfPulledModelNeverResolves() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("model.safetensors", FakeHub.cutAfter(9_000))) {
            Puller once = Pulls.puller(store, hub, 1, new Pulls.Pauses(), PullListener.NONE);

            assertThatThrownBy(() -> once.pull(PullRequest.of(Pulls.ID)))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("what was fetched is kept");
            assertThat(new ModelStore(store).list()).isEmpty();
            assertThatThrownBy(() -> resolve("acme/tiny"))
                    .hasMessageContaining("rackmark models pull acme/tiny");
        }
    }

    @Test
    void aMissingShardKeepsTheModelFromResolving() throws IOException {
        try (FakeHub hub =
                new FakeHub()
                        .with("config.json", "{}")
                        .with("model-00001-of-00002.safetensors", Pulls.weights(10, 1))
                        .with(
                                "model.safetensors.index.json",
                                """
                                {"weight_map": {"a": "model-00001-of-00002.safetensors",
                                                "b": "model-00002-of-00002.safetensors"}}
                                """)) {
            assertThatThrownBy(() -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)))
                    .hasMessageContaining(
                            "names model-00002-of-00002.safetensors, which is missing");
            assertThat(Pulls.stored(store)).isEmpty();
        }
    }

    @Test
    void twoPullsOfOneModelDoNotCollide() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        PullListener second =
                new PullListener() {
                    @Override
                    public void waiting() {
                        waiting.countDown();
                    }
                };
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next(
                                "model.safetensors",
                                (exchange, content) -> {
                                    try {
                                        waiting.await();
                                    } catch (InterruptedException e) {
                                        throw new IOException(e);
                                    }
                                    FakeHub.good(exchange, content);
                                })) {
            CompletableFuture<PullResult> first =
                    CompletableFuture.supplyAsync(
                            () -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)));
            while (hub.asked("model.safetensors").isEmpty()) {
                Thread.sleep(5);
            }
            PullResult other =
                    Pulls.puller(store, hub, 1, new Pulls.Pauses(), second)
                            .pull(PullRequest.of(Pulls.ID));

            assertThat(first.get().wasPresent()).isFalse();
            assertThat(other.wasPresent()).isTrue();
            assertThat(hub.asked("model.safetensors")).hasSize(1);
        }
    }

    @Test
    void spaceIsCheckedBeforeAnythingIsFetched() throws IOException {
        long exabyte = 1L << 60;
        String list =
                """
                {"sha": "%s", "siblings": [
                  {"rfilename": "model.safetensors", "size": %d},
                  {"rfilename": "config.json", "size": 2}]}
                """
                        .formatted(FakeHub.COMMIT, exabyte);
        try (FakeHub hub =
                Pulls.hub(WEIGHTS)
                        .next(
                                "",
                                (exchange, content) ->
                                        FakeHub.good(
                                                exchange, list.getBytes(StandardCharsets.UTF_8)))) {
            assertThatThrownBy(() -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("1,152,921,504,606 MB are needed")
                    .hasMessageContaining("--cache DIR");
            assertThat(hub.asked()).hasSize(1);
        }
    }

    @Test
    void sizesThatAddUpToMoreThanANumberHoldsAreTooMuch() throws IOException {
        String list =
                """
                {"siblings": [{"rfilename": "model.safetensors", "size": %d},
                              {"rfilename": "config.json", "size": %d}]}
                """
                        .formatted(Long.MAX_VALUE - 5, Long.MAX_VALUE - 5);
        FakeHub.Answer absurd =
                (exchange, content) ->
                        FakeHub.good(exchange, list.getBytes(StandardCharsets.UTF_8));
        try (FakeHub hub = Pulls.hub(WEIGHTS).next("", absurd)) {
            assertThatThrownBy(() -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)))
                    .hasMessageContaining("MB are needed");
        }
    }

    @Test
    void aLinkPlantedInTheStagingFolderIsNotFollowed() throws IOException {
        Path outside = Files.createFile(store.resolve("outside"));
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Path parts = new ModelStore(store).staging(Pulls.ID).resolve("parts");
            Files.createDirectories(parts);
            Files.createSymbolicLink(parts.resolve("model.safetensors"), outside);

            assertThatThrownBy(() -> Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID)))
                    .isInstanceOf(ModelException.class);
            assertThat(outside).isEmptyFile();
        }
    }

    @Test
    void aRemovedModelIsGoneWithItsLeftovers() throws IOException {
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Pulls.puller(store, hub).pull(PullRequest.of(Pulls.ID));
            new ModelStore(store).remove(Pulls.ID);

            assertThat(Pulls.stored(store)).isEmpty();
            assertThat(new ModelStore(store).list()).isEmpty();
            try (Stream<Path> left = Files.walk(store)) {
                assertThat(left.filter(Files::isRegularFile))
                        .allMatch(file -> file.endsWith(".lock"));
            }
        }
    }

    private ModelSource resolve(String name) {
        return new Catalogue(store, new ModelStore(store)).resolve(name);
    }
}
