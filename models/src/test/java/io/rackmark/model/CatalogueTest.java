package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.CatalogueEntry.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
    private static final ModelId CODER =
            new ModelId("Qwen", "Qwen2.5-Coder-0.5B-Instruct", ModelId.DEFAULT_REVISION);

    @TempDir private Path temporary;

    @Test
    void namesAndIdsAreUniqueAndNamesFitATable() {
        List<CatalogueEntry> entries = catalogue().entries();

        assertThat(entries).hasSizeGreaterThan(30);
        assertThat(entries).extracting(CatalogueEntry::name).doesNotHaveDuplicates();
        assertThat(entries).extracting(CatalogueEntry::id).doesNotHaveDuplicates();
        assertThat(entries)
                .allSatisfy(entry -> assertThat(entry.name()).matches("[a-z0-9.-]{1,23}"));
    }

    @Test
    void everyRevisionIsABranchBecauseNoCommitWasLookedUp() {
        assertThat(catalogue().entries())
                .flatExtracting(entry -> entry.id().stream().toList())
                .extracting(ModelId::revision)
                .containsOnly("main");
    }

    @Test
    void parametersFollowFromTheShapesOfTheModels() {
        // vocabulary * hidden + layers * (attention + MLP + norms) + norm
        assertThat(parameters("llama-3.2-1b"))
                .isEqualTo(
                        128_256L * 2048
                                + 16L * (2 * 2048 * 2048 + 2 * 512 * 2048 + 3 * 8192 * 2048 + 4096)
                                + 2048);
        // The same with biases, and the embedding of 151936 tokens once, for it is tied.
        assertThat(parameters("qwen2.5-0.5b"))
                .isEqualTo(
                        151_936L * 896
                                + 24L
                                        * (2 * 896 * 896
                                                + 2 * 128 * 896
                                                + 896
                                                + 2 * 128
                                                + 3 * 4864 * 896
                                                + 2 * 896)
                                + 896);
        assertThat(parameters("embedded"))
                .isEqualTo(
                        ModelInspection.of(new Catalogue(EmbeddedModel.home()).resolve("embedded"))
                                .parameters()
                                .orElseThrow());
    }

    @Test
    void mixturesOfExpertsRunOnServersOnly() {
        assertThat(catalogue().entry("gpt-oss-20b").orElseThrow().runs()).isEqualTo(Runs.SERVER);
        assertThat(catalogue().entry("qwen3-8b").orElseThrow().runs()).isEqualTo(Runs.IN_PROCESS);
        assertThat(catalogue().entry("llama-3.2-1b").orElseThrow().gated()).isTrue();
    }

    @Test
    void aMistypedNameIsAnsweredWithNearOnes() {
        assertThatThrownBy(() -> catalogue().resolve("qwen2.5-codr-7b"))
                .hasMessageContaining("did you mean qwen2.5-coder-7b")
                .hasMessageEndingWith("or give the path of a checkpoint directory or GGUF file");
        assertThatThrownBy(() -> catalogue().resolve("LLama3.2-1B-Instruct"))
                .hasMessageContaining("did you mean llama-3.2-1b");
        assertThatThrownBy(() -> catalogue().hubId("smollm"))
                .hasMessageContaining("smollm2-135m")
                .hasMessageEndingWith("or write org/name or org/name@revision");
        assertThatThrownBy(() -> catalogue().hubId("zzzzzz")).hasMessageContaining("models list");
        assertThatThrownBy(() -> catalogue().hubId("embedded")).hasMessageContaining("of no hub");
    }

    @Test
    void aKnownModelThatIsNotHereSaysHowToFetchIt() {
        assertThatThrownBy(() -> catalogue().resolve("qwen2.5-coder-0.5b"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("rackmark models pull " + CODER);
        assertThatThrownBy(() -> catalogue().resolve("acme/none@v1"))
                .hasMessageContaining("rackmark models pull acme/none@v1");
    }

    @Test
    void aPulledModelResolvesByNameByIdAndByRevision() throws IOException {
        Path place = pulled(CODER);
        ModelId other = new ModelId("Qwen", "Qwen2.5-Coder-0.5B-Instruct", "refs/pr/7");
        Path revision = pulled(other);

        assertThat(catalogue().resolve("qwen2.5-coder-0.5b").path()).isEqualTo(place);
        assertThat(catalogue().resolve(CODER.repository()).path()).isEqualTo(place);
        assertThat(catalogue().resolve(CODER.repository() + "@refs/pr/7").path())
                .isEqualTo(revision);
        assertThat(catalogue().directory(catalogue().entry("qwen2.5-coder-0.5b").orElseThrow()))
                .contains(place);
        assertThat(store().list()).extracting(ModelStore.Stored::id).containsExactly(CODER, other);
    }

    @Test
    void aDirectoryWithoutItsNoteIsNoModel() throws IOException {
        Path place = pulled(CODER);
        Files.writeString(place.resolve(ModelStore.MANIFEST), "{\"id\": 7");

        assertThat(store().find(CODER)).isEmpty();
        assertThat(store().list()).isEmpty();
    }

    @Test
    void idsThatLeadElsewhereAreNone() {
        for (String id :
                List.of(
                        "../x",
                        "a/..",
                        "a/b/c",
                        "/a/b",
                        "a/b@",
                        "a/b@../c",
                        "a/b@-x",
                        "a b/c",
                        "a/.hidden",
                        ".partial/x",
                        "a/b@x//y",
                        "a\0/b",
                        "a/b@/etc")) {
            assertThat(ModelId.parse(id)).as(id).isEmpty();
        }
        assertThat(ModelId.parse("a/b@" + "0".repeat(40)).orElseThrow().pinned()).isTrue();
    }

    private Path pulled(ModelId id) throws IOException {
        Path place = Files.createDirectories(store().place(id));
        ModelStore.write(
                place,
                new PulledModel(id.toString(), "", "here", Optional.empty(), false, List.of()));
        return place;
    }

    private ModelStore store() {
        return new ModelStore(temporary.resolve("models"));
    }

    private Catalogue catalogue() {
        return new Catalogue(temporary, store());
    }

    private long parameters(String name) {
        return catalogue().entry(name).orElseThrow().parameters();
    }
}
