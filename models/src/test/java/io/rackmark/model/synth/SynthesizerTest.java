package io.rackmark.model.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.FileHash;
import io.rackmark.model.ModelCheck;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelSource;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.LlamaTensors;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SynthesizerTest {
    @TempDir private Path temporary;

    private static Synthesis oneLayer(String shape, long seed, SafetensorsDtype dtype) {
        return new Synthesis(shape, seed, dtype, OptionalInt.of(1));
    }

    private Checkpoint write(Synthesis synthesis, String name) {
        return new Synthesizer(EmbeddedModel.checkpoint())
                .write(synthesis, temporary.resolve(name), ConversionProgress.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "smollm2-135m, 134515008",
        "qwen2.5-0.5b, 494032768",
        "qwen3-0.6b, 596049920",
        "llama-3.2-1b, 1235814400",
        "llama-3.2-3b, 3212749824",
        "llama-3.1-8b, 8030261248",
        "mistral-7b, 7248023552",
        "tinyllama-1.1b, 1100048384",
        "qwen2.5-coder-32b, 32763876352"
    })
    void everyShapeHasThePublishedNumberOfParameters(String shape, long parameters) {
        JsonMapper.shared()
                .writeValue(temporary.resolve("config.json").toFile(), Shapes.config(shape));
        long found =
                LlamaTensors.expected(ModelConfig.read(temporary)).stream()
                        .mapToLong(t -> t.shape().stream().reduce(1L, Math::multiplyExact))
                        .sum();
        assertThat(found).isEqualTo(parameters);
        assertThat(Shapes.names()).hasSize(9).contains(shape);
    }

    @Test
    void aSynthesizedCheckpointIsSoundAndSaysWhatItIs() {
        Checkpoint checkpoint = write(oneLayer("smollm2-135m", 1, SafetensorsDtype.BF16), "s");
        assertThat(checkpoint.synthetic()).isTrue();
        assertThat(EmbeddedModel.checkpoint().synthetic()).isFalse();
        assertThat(checkpoint.config().layers()).isEqualTo(1);
        assertThat(checkpoint.tokenizer().tokens()).hasSize(49152);
        assertThat(checkpoint.tokenizer().merges())
                .isEqualTo(EmbeddedModel.checkpoint().tokenizer().merges());
        assertThat(checkpoint.config().eosIds())
                .isEqualTo(EmbeddedModel.checkpoint().config().eosIds());
        assertThat(checkpoint.chatTemplate()).isEqualTo(EmbeddedModel.checkpoint().chatTemplate());
        assertThat(ModelCheck.of(new ModelSource.Directory("s", checkpoint.directory())).faults())
                .isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherOneOthers() {
        List<String> hashes = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            Checkpoint checkpoint =
                    write(
                            oneLayer("smollm2-135m", seed, SafetensorsDtype.BF16),
                            "s" + hashes.size());
            hashes.add(FileHash.sha256(checkpoint.weightFiles().getFirst()));
        }
        assertThat(hashes.get(0)).isEqualTo(hashes.get(1)).isNotEqualTo(hashes.get(2));
    }

    @Test
    void valuesAreExactInBfloat16AndOfTheScaleOfOneOverTheRootOfTheWidth() {
        RandomTensor random = new RandomTensor("x.weight", List.of(1L, 4096L), 3);
        float[] values = new float[4096];
        random.next(values, 4096);
        double squares = 0;
        double sum = 0;
        for (float value : values) {
            assertThat(Float.floatToRawIntBits(value) & 0xffff).isZero();
            squares += value * value;
            sum += value;
        }
        assertThat(Math.sqrt(squares / 4096)).isBetween(0.7 / 64, 1.42 / 64);
        assertThat(sum / 4096).isCloseTo(0, within(0.1 / 64));
    }

    @Test
    void largeCheckpointsAreShardedWithAnIndex() throws IOException {
        Path directory = temporary.resolve("s");
        List<Long> done = new ArrayList<>();
        Checkpoint checkpoint =
                new Synthesizer(EmbeddedModel.checkpoint(), 60_000_000)
                        .write(
                                oneLayer("smollm2-135m", 1, SafetensorsDtype.F32),
                                directory,
                                (bytes, total) -> done.add(bytes));
        // 113.2 MB of embeddings, then 14.2 MB of everything else.
        assertThat(checkpoint.weightFiles())
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        assertThat(ModelCheck.of(new ModelSource.Directory("s", directory)).faults()).isEmpty();
        assertThat(done).isSorted().endsWith(4L * (49152 * 576 + 3_540_096 + 576));
    }

    @Test
    void unknownShapesListTheKnownOnes() {
        assertThatThrownBy(() -> write(oneLayer("gpt-9", 1, SafetensorsDtype.BF16), "s"))
                .hasMessageStartingWith(
                        "unknown shape 'gpt-9'; known: smollm2-135m, qwen2.5-0.5b,");
    }

    @Test
    void aDirectoryInUseIsLeftAlone() throws IOException {
        Path directory = Files.createDirectories(temporary.resolve("s"));
        Files.writeString(directory.resolve("mine"), "x");
        assertThatThrownBy(() -> write(oneLayer("smollm2-135m", 1, SafetensorsDtype.BF16), "s"))
                .hasMessageContaining("is not an empty directory; name another with -o DIR");
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).containsExactly(directory);
        }
    }
}
