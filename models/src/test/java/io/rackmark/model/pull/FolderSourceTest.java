package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {
    private static final byte[] WEIGHTS = Pulls.weights(100_000, 1);

    @TempDir private Path temporary;

    private Path store;
    private Path folder;

    @BeforeEach
    void folders() throws IOException {
        store = Files.createDirectory(temporary.resolve("store"));
        folder = Files.createDirectory(temporary.resolve("folder"));
    }

    @Test
    void aCheckpointDirectoryIsCopied() throws IOException {
        EmbeddedModel.copyTo(folder);

        PullResult result = pull(folder);

        assertThat(result.directory().resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("model.safetensors"));
        assertThat(result.model().files())
                .extracting(PulledModel.File::name)
                .contains("config.json");
        assertThat(result.directory().resolve("README.md")).doesNotExist();
    }

    @Test
    void anotherStoreIsCopiedWithItsHashesAndLicence() throws IOException {
        Path other = temporary.resolve("other");
        try (FakeHub hub = Pulls.hub(WEIGHTS).saying("tags", java.util.List.of("license:mit"))) {
            Pulls.puller(other, hub).pull(PullRequest.of(Pulls.ID));
        }

        PullResult result = pull(other);

        assertThat(result.model().licence()).contains("mit");
        assertThat(result.model().commit()).isEqualTo(FakeHub.COMMIT);
        assertThat(pull(other).wasPresent()).isTrue();
    }

    @Test
    void damageOnTheWayIsFound() throws IOException {
        Path other = temporary.resolve("other");
        try (FakeHub hub = Pulls.hub(WEIGHTS)) {
            Pulls.puller(other, hub).pull(PullRequest.of(Pulls.ID));
        }
        byte[] damaged = WEIGHTS.clone();
        damaged[5_000] ^= 1;
        Files.write(new ModelStore(other).place(Pulls.ID).resolve("model.safetensors"), damaged);

        assertThatThrownBy(() -> pull(other))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model.safetensors is damaged: its SHA-256 is");
        assertThat(Pulls.stored(store)).isEmpty();
    }

    @Test
    void aCacheOfTheHubsOwnClientsIsCopiedAndItsBlobsAreChecked() throws IOException {
        Path cache = cacheWith(WEIGHTS);

        PullResult result = pull(folder);

        assertThat(result.model().commit()).isEqualTo(FakeHub.COMMIT);
        assertThat(result.directory().resolve("model.safetensors"))
                .isRegularFile()
                .hasBinaryContent(WEIGHTS)
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
        new ModelStore(store).remove(Pulls.ID);
        Files.write(
                cache.resolve("blobs").resolve(FakeHub.sha256(WEIGHTS)), Pulls.weights(100_000, 2));
        assertThatThrownBy(() -> pull(folder)).hasMessageContaining("is damaged");
    }

    @Test
    void aSnapshotOfSuchACacheCanBeNamedItself() throws IOException {
        Path cache = cacheWith(WEIGHTS);

        assertThat(pull(cache.resolve("snapshots").resolve(FakeHub.COMMIT)).model().commit())
                .isEqualTo(FakeHub.COMMIT);
    }

    @Test
    void aLinkThatLeadsOutOfTheFolderIsRefused() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret"), "private");
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.write(folder.resolve("model.safetensors"), WEIGHTS);
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), secret);

        assertThatThrownBy(() -> pull(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("leads out of");
        assertThat(Pulls.stored(store)).isEmpty();
    }

    @Test
    void weightsThatWereCutShortAreFoundWithoutAHash() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.write(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(WEIGHTS, 60_000));

        assertThatThrownBy(() -> pull(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model.safetensors");
        assertThat(Pulls.stored(store)).isEmpty();
    }

    @Test
    void aFolderWithoutTheModelSaysWhatWasLookedFor() {
        assertThatThrownBy(() -> pull(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds no model acme/tiny")
                .hasMessageContaining("models--acme--tiny");
        assertThatThrownBy(() -> new FolderSource(temporary.resolve("none")))
                .hasMessageContaining("no such folder");
    }

    private Path cacheWith(byte[] weights) throws IOException {
        Path cache = folder.resolve("models--acme--tiny");
        Path snapshot = Files.createDirectories(cache.resolve("snapshots").resolve(FakeHub.COMMIT));
        Files.createDirectories(cache.resolve("refs"));
        Files.createDirectories(cache.resolve("blobs"));
        Files.writeString(cache.resolve("refs/main"), FakeHub.COMMIT);
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        link(cache, snapshot, "config.json", FakeHub.blobId(config), config);
        link(cache, snapshot, "model.safetensors", FakeHub.sha256(weights), weights);
        return cache;
    }

    private static void link(Path cache, Path snapshot, String name, String blob, byte[] content)
            throws IOException {
        Files.write(cache.resolve("blobs").resolve(blob), content);
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", blob));
    }

    private PullResult pull(Path from) {
        ModelId id = Pulls.ID;
        return new Puller(new ModelStore(store), new FolderSource(from), PullListener.NONE)
                .pull(PullRequest.of(id));
    }
}
