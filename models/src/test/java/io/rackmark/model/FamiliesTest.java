package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Precision;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.GgufConverter;
import io.rackmark.model.gguf.GgufFile;
import io.rackmark.model.gguf.GgufValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of every family: soundness, GGUF names, and what is refused. */
class FamiliesTest {
    @TempDir private Path temporary;

    private static void replace(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "tinyllama", "mistral", "qwen2", "qwen3", "wide"})
    void everyFamilyIsFoundSound(String name) {
        ModelCheck check = ModelCheck.of(new ModelSource.Directory(name, Fixtures.directory(name)));
        assertThat(check.faults()).isEmpty();
        assertThat(Checkpoint.read(Fixtures.directory(name)).chatTemplate()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "llama3, llama, gpt2, llama-bpe",
        "smollm2, llama, gpt2, smollm",
        "tinyllama, llama, llama, default",
        "mistral, llama, llama, default",
        "qwen2, qwen2, gpt2, qwen2",
        "qwen3, qwen3, gpt2, qwen2"
    })
    void everyFamilyHasItsNamesInGguf(
            String name, String architecture, String tokenizer, String splitting)
            throws IOException {
        try (GgufFile file = GgufFile.open(convert(Fixtures.directory(name)))) {
            assertThat(file.text("general.architecture")).hasValue(architecture);
            assertThat(file.text("tokenizer.ggml.model")).hasValue(tokenizer);
            assertThat(file.text("tokenizer.ggml.pre")).hasValue(splitting);
            assertThat(file.whole(architecture + ".block_count")).hasValue(2L);
            assertThat(file.tensors().containsKey("blk.1.attn_q.bias"))
                    .isEqualTo(name.equals("qwen2"));
            assertThat(file.tensors().containsKey("blk.1.attn_k_norm.weight"))
                    .isEqualTo(name.equals("qwen3"));
            assertThat(file.tensors().containsKey("rope_freqs.weight"))
                    .isEqualTo(name.equals("llama3"));
            assertThat(file.metadata().containsKey(architecture + ".rope.scaling.factor"))
                    .isEqualTo(name.equals("smollm2"));
        }
    }

    @Test
    void sentencePieceVocabularyHasScoresAndTypes() throws IOException {
        try (GgufFile file = GgufFile.open(convert(Fixtures.directory("tinyllama")))) {
            assertThat(file.metadata())
                    .containsEntry("tokenizer.ggml.add_space_prefix", GgufValue.bool(true));
            GgufValue.Array types = array(file, "tokenizer.ggml.token_type");
            assertThat(types.values().subList(0, 4))
                    .extracting(value -> ((GgufValue.Whole) value).value())
                    .containsExactly(2L, 3L, 3L, 6L);
            GgufValue.Array scores = array(file, "tokenizer.ggml.scores");
            // The first merge of SentencePiece BPE makes the first token after the bytes.
            assertThat(scores.values().subList(258, 262))
                    .extracting(value -> ((GgufValue.Real) value).value())
                    .containsExactly(-1e6, 0.0, -1.0, -2.0);
        }
    }

    private static GgufValue.Array array(GgufFile file, String key) {
        return (GgufValue.Array) Objects.requireNonNull(file.metadata().get(key));
    }

    @Test
    void weightsOfAnotherFamilyAreRefused() throws IOException {
        Path copy = Fixtures.copyTo("qwen2", temporary.resolve("copy"));
        replace(copy.resolve("config.json"), "Qwen2ForCausalLM", "LlamaForCausalLM");
        replace(
                copy.resolve("config.json"),
                "\"model_type\": \"qwen2\"",
                "\"model_type\": \"llama\"");
        assertThatThrownBy(() -> convert(copy))
                .hasMessageStartingWith(copy + ": config.json asks for a llama model, which has no")
                .hasMessageEndingWith("_proj.bias; the weights are those of a qwen2 model");
    }

    @Test
    void aConfigurationOfTwoFamiliesIsRefused() throws IOException {
        Path copy = Fixtures.copyTo("qwen2", temporary.resolve("copy"));
        replace(copy.resolve("config.json"), "Qwen2ForCausalLM", "LlamaForCausalLM");
        assertThatThrownBy(() -> Checkpoint.read(copy))
                .hasMessageEndingWith(
                        "architectures must be Qwen2ForCausalLM for model_type qwen2, found"
                                + " LlamaForCausalLM");
    }

    @Test
    void scalingThatHasNoPlaceInGgufIsRefused() throws IOException {
        Path copy = Fixtures.copyTo("qwen2", temporary.resolve("copy"));
        replace(
                copy.resolve("config.json"),
                "\"rope_scaling\": null",
                "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8.0,"
                        + " \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 64}");
        assertThatThrownBy(() -> convert(copy))
                .hasMessageContaining(
                        "no place for rope_scaling llama3 in a model of family qwen2");
    }

    @Test
    void aDirectoryOfAnotherKindSaysWhatItHas() throws IOException {
        Path file = temporary.resolve("model.gguf");
        Files.writeString(file, "GGUF");
        assertThatThrownBy(() -> Checkpoint.read(temporary))
                .hasMessageContaining("has no config.json")
                .hasMessageEndingWith(", this one has model.gguf");
    }

    private Path convert(Path directory) throws IOException {
        Path file = temporary.resolve("converted.gguf");
        new GgufConverter(Checkpoint.read(directory), Precision.F32)
                .write(file, ConversionProgress.NONE);
        return file;
    }
}
