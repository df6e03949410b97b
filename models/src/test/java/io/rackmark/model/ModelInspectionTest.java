package io.rackmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInspectionTest {
    private static final Catalogue CATALOGUE = new Catalogue(EmbeddedModel.home());

    @TempDir private Path temporary;

    @Test
    void unknownNamesAreToldWithTheWayToAPath() {
        assertThatThrownBy(() -> CATALOGUE.resolve("gpt-9"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("no model 'gpt-9'; ")
                .hasMessageEndingWith("or give the path of a checkpoint directory or GGUF file");
        assertThatThrownBy(() -> CATALOGUE.resolve("\0")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> CATALOGUE.resolve("")).isInstanceOf(ModelException.class);
    }

    @Test
    void pathsLeadToDirectoriesAndGgufFiles() throws IOException {
        Path directory = EmbeddedModel.checkpoint().directory();
        assertThat(CATALOGUE.resolve(directory.toString()))
                .isEqualTo(new ModelSource.Directory("rackmark-sql-7m", directory.normalize()));
        assertThat(CATALOGUE.resolve(directory.resolve("model.safetensors").toString()))
                .isEqualTo(CATALOGUE.resolve(directory.toString()));
        Path gguf = Files.createFile(temporary.resolve("a.b.gguf"));
        assertThat(CATALOGUE.resolve(gguf.toString())).isEqualTo(new ModelSource.Gguf("a.b", gguf));
        Path other = Files.createFile(temporary.resolve("a.bin"));
        assertThatThrownBy(() -> CATALOGUE.resolve(other.toString()))
                .hasMessageContaining("neither a checkpoint directory nor");
    }

    @Test
    void anInstallationWithoutTheModelSaysWhereItBelongs() {
        assertThatThrownBy(() -> new Catalogue(temporary).resolve("embedded"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(temporary.resolve("models").toString());
    }

    @Test
    void theEmbeddedCheckpointIsDescribed() {
        ModelInspection model = ModelInspection.of(CATALOGUE.resolve("embedded"));
        assertThat(model.architecture()).isEqualTo("LlamaForCausalLM");
        // 2048*256 + 8*(256*256*2 + 128*256*2 + 3*768*256 + 2*256) + 256
        assertThat(model.parameters()).hasValue(6_820_096);
        assertThat(model.parametersByDtype()).containsOnlyKeys("BF16");
        assertThat(model.contextTokens()).hasValue(2048);
        assertThat(model.layers()).hasValue(8);
        assertThat(model.vocabulary()).hasValue(2048);
        assertThat(model.tokenizer()).isEqualTo("byte-level BPE");
        assertThat(model.chatTemplate()).isTrue();
        assertThat(model.tensors()).hasSize(2 + 8 * 9);
        assertThat(model.files()).allMatch(file -> file.sha256().matches("[0-9a-f]{64}"));
        assertThat(model.fileBytes()).isGreaterThan(2 * 6_820_096);
    }

    @Test
    void theEmbeddedCheckpointIsSound() {
        ModelCheck check = ModelCheck.of(CATALOGUE.resolve("embedded"));
        assertThat(check.faults()).isEmpty();
        assertThat(check.sound()).isTrue();
        assertThat(check.tensorsChecked()).isEqualTo(74);
    }

    @Test
    void notANumberAndInfinityAreCountedByTensor() throws IOException {
        Path copy = EmbeddedModel.copyTo(temporary.resolve("copy"));
        Path weights = copy.resolve("model.safetensors");
        // The last bfloat16 values of the file; the top byte of a little-endian one comes second.
        try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
            file.seek(file.length() - 4);
            file.write(new byte[] {(byte) 0x80, 0x7f, (byte) 0xc0, 0x7f});
        }
        ModelCheck check = ModelCheck.of(CATALOGUE.resolve(copy.toString()));
        assertThat(check.sound()).isFalse();
        assertThat(check.faults())
                .singleElement()
                .asString()
                .contains("holds 1 NaN and 1 infinite of 256 elements");
    }

    @Test
    void configurationAndTensorsMustAgree() throws IOException {
        Path copy = EmbeddedModel.copyTo(temporary.resolve("copy"));
        Path config = copy.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"num_hidden_layers\": 8", "\"num_hidden_layers\": 7")
                        .replace("\"intermediate_size\": 768", "\"intermediate_size\": 769"));
        ModelCheck check = ModelCheck.of(CATALOGUE.resolve(copy.toString()));
        assertThat(check.faults()).hasSize(7 * 3 + 9);
        assertThat(check.faults())
                .contains(
                        "tensor model.layers.7.input_layernorm.weight has no place in this"
                                + " configuration",
                        "tensor model.layers.0.mlp.up_proj.weight has shape [768, 256]; config.json"
                                + " asks for [769, 256]");
    }
}
