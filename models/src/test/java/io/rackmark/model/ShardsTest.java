package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.convert.ConversionCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir private Path temporary;

    private Path sharded() throws IOException {
        return Fixtures.copyTo("wide", temporary.resolve("wide"));
    }

    private static void editIndex(Path directory, String before, String after) throws IOException {
        Path index = directory.resolve("model.safetensors.index.json");
        String text = Files.readString(index);
        assertThat(text).contains(before);
        Files.writeString(index, text.replace(before, after));
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Path directory = sharded();
        Files.delete(directory.resolve(SECOND));
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .hasMessage(
                        "%s lists 2 shards, of which 1 are missing, first %s; fetch them too",
                        directory.resolve("model.safetensors.index.json"), SECOND)
                .extracting(e -> ((ModelException) e).kind())
                .isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void aTensorInTheWrongShardIsNamed() throws IOException {
        Path directory = sharded();
        editIndex(
                directory,
                "\"model.norm.weight\": \"" + SECOND,
                "\"model.norm.weight\": \"" + FIRST);
        assertThatThrownBy(() -> Checkpoint.read(directory).openWeights())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(
                        "says that %s holds tensor model.norm.weight, but %s does", FIRST, SECOND);
    }

    @Test
    void aTensorInNoShardIsNamed() throws IOException {
        Path directory = sharded();
        editIndex(directory, "\"model.norm.weight\"", "\"model.gone.weight\"");
        assertThatThrownBy(() -> Checkpoint.read(directory).openWeights())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds tensor model.gone.weight, but no shard does");
    }

    @Test
    void aTensorInTwoShardsIsNamed() throws IOException {
        Path directory = sharded();
        Files.copy(directory.resolve(SECOND), directory.resolve("model-3.safetensors"));
        editIndex(
                directory,
                "\"model.norm.weight\": \"" + SECOND,
                "\"model.norm.weight\": \"model-3.safetensors");
        assertThatThrownBy(() -> Checkpoint.read(directory).openWeights())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model-3.safetensors repeats tensor")
                .hasMessageContaining("of another shard");
    }

    @Test
    void theHashOfTheWeightsCoversEveryShard() throws IOException {
        Path directory = sharded();
        ConversionCache cache = new ConversionCache(temporary.resolve("cache"));
        String before = cache.weightsSha256(Checkpoint.read(directory));
        byte[] bytes = Files.readAllBytes(directory.resolve(SECOND));
        bytes[bytes.length - 1] ^= 1;
        Path other = Fixtures.copyTo("wide", temporary.resolve("other"));
        assertThat(cache.weightsSha256(Checkpoint.read(other))).isEqualTo(before);
        Files.write(other.resolve(SECOND), bytes);
        ConversionCache fresh = new ConversionCache(temporary.resolve("fresh"));
        assertThat(fresh.weightsSha256(Checkpoint.read(other))).isNotEqualTo(before);
    }

    @Test
    void theHashOfOneFileIsTheFilesOwn() {
        Checkpoint checkpoint = EmbeddedModel.checkpoint();
        assertThat(new ConversionCache(temporary).weightsSha256(checkpoint))
                .isEqualTo(FileHash.sha256(checkpoint.weightFiles().getFirst()));
    }
}
