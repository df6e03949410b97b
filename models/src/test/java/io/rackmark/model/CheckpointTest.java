package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.TokenizerSpec.Role;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
    @TempDir private Path temporary;

    private Path copy() throws IOException {
        return EmbeddedModel.copyTo(temporary.resolve("copy"));
    }

    private static void replace(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    @Test
    void theEmbeddedCheckpointIsReadWhole() {
        Checkpoint checkpoint = EmbeddedModel.checkpoint();
        ModelConfig config = checkpoint.config();
        assertThat(checkpoint.name()).isEqualTo("embedded");
        assertThat(config.layers()).isEqualTo(8);
        assertThat(config.hidden()).isEqualTo(256);
        assertThat(config.queryWidth()).isEqualTo(256);
        assertThat(config.keyValueWidth()).isEqualTo(128);
        assertThat(config.ffn()).isEqualTo(768);
        assertThat(config.vocabulary()).isEqualTo(2048);
        assertThat(config.contextTokens()).isEqualTo(2048);
        assertThat(config.rmsEpsilon()).isEqualTo(1e-5);
        assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.None());
        assertThat(config.tiedEmbeddings()).isTrue();
        assertThat(config.torchDtype()).isEqualTo("bfloat16");
        assertThat(config.eosIds()).containsExactly(2);
        TokenizerSpec tokenizer = checkpoint.tokenizer();
        assertThat(tokenizer.kind()).isEqualTo(TokenizerSpec.Kind.BYTE_LEVEL_BPE);
        assertThat(tokenizer.tokens()).hasSize(2048);
        assertThat(tokenizer.tokens().get(2).text()).isEqualTo("<|im_end|>");
        assertThat(tokenizer.tokens().stream().filter(t -> t.role() == Role.SPECIAL)).hasSize(3);
        assertThat(tokenizer.merges()).startsWith("s t", "Ġ t");
        assertThat(tokenizer.addBos()).isFalse();
        assertThat(tokenizer.eosId()).hasValue(2);
        assertThat(checkpoint.chatTemplate().orElseThrow()).contains("<|im_start|>assistant");
    }

    @Test
    void aTemplateFileWinsOverTheConfiguration() throws IOException {
        Path directory = copy();
        Files.writeString(directory.resolve("chat_template.jinja"), "{{ messages }}");
        assertThat(Checkpoint.read(directory).chatTemplate()).hasValue("{{ messages }}");
    }

    @Test
    void scalingOfRotaryFrequenciesIsRead() throws IOException {
        Path directory = copy();
        replace(
                directory.resolve("config.json"),
                "\"rope_scaling\": null",
                "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 32.0,"
                        + " \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 8192}");
        assertThat(Checkpoint.read(directory).config().ropeScaling())
                .isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
    }

    @Test
    void shardsOfAnIndexAreReadTogether() throws IOException {
        Path directory = copy();
        Files.delete(directory.resolve("model.safetensors"));
        shard(directory.resolve("one.safetensors"), "x");
        shard(directory.resolve("two.safetensors"), "y");
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                "{\"weight_map\": {\"x\": \"one.safetensors\", \"y\": \"two.safetensors\"}}");
        Checkpoint checkpoint = Checkpoint.read(directory);
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            assertThat(weights.tensors()).containsOnlyKeys("x", "y");
            assertThatThrownBy(() -> weights.require("x", List.of(3L)))
                    .hasMessageContaining("tensor x must have shape [3] by config.json, found [1]");
        }
        Files.writeString(index, "{\"weight_map\": {\"x\": \"../one.safetensors\"}}");
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a plain file name in weight_map");
    }

    private static void shard(Path path, String name) throws IOException {
        List<SafetensorsWriter.Plan> plans =
                List.of(new SafetensorsWriter.Plan(name, SafetensorsDtype.F32, List.of(1L)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, plans)) {
            writer.append(new float[] {1}, 1);
            writer.finish();
        }
    }

    @ParameterizedTest
    @CsvSource({"config.json", "tokenizer.json", "model.safetensors"})
    void aMissingFileIsNamed(String name) throws IOException {
        Path directory = copy();
        Files.delete(directory.resolve(name));
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(directory + " has no " + name);
    }

    @Test
    void aGgufFileIsNotACheckpointDirectory() throws IOException {
        Path file = Files.writeString(temporary.resolve("x.gguf"), "GGUF");
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(
                        "x.gguf is a GGUF file; what is needed here is the checkpoint");
    }

    @Test
    void anotherFamilyIsNamedWithTheSupportedOne() throws IOException {
        Path directory = copy();
        Files.writeString(
                directory.resolve("config.json"),
                "{\"model_type\": \"gpt2\", \"architectures\": [\"GPT2LMHeadModel\"]}");
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .hasMessageContaining(
                        "a GPT-2 model (GPT2LMHeadModel) is not supported yet; supported: llama")
                .extracting(e -> ((ModelException) e).kind())
                .isEqualTo(Kind.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_hidden_layers\": 8 | \"num_hidden_layers\": -8 | num_hidden_layers must be",
                "\"hidden_size\": 256 | \"hidden_size\": 1e99 | hidden_size must be",
                "\"vocab_size\": 2048 | \"vocab\": 1 | vocab_size must be",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | a divisor of",
                "\"head_dim\": 64 | \"head_dim\": 63 | head_dim must be an even number",
                "\"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": 0 | rms_norm_eps must be",
                "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | hidden_act 'gelu'",
                "\"use_cache\": true | \"use_cache\": | is not valid JSON"
            })
    void aFaultyConfigurationIsNamed(String before, String after, String message)
            throws IOException {
        Path directory = copy();
        replace(directory.resolve("config.json"), before.strip(), after.strip());
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message.strip());
    }

    @Test
    void twoTokensOfOneIdAreRefused() throws IOException {
        Path directory = copy();
        replace(directory.resolve("tokenizer.json"), "\"!\": 3", "\"!\": 4");
        assertThatThrownBy(() -> Checkpoint.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("id 4 belongs to both");
    }
}
