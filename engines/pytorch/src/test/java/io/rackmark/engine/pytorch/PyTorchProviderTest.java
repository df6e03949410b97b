package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PyTorchProviderTest {
    private final PyTorchProvider provider = new PyTorchProvider();
    @TempDir Path directory;

    private Availability probe(Map<String, String> options) {
        return provider.probe(OptionValues.parse(provider.describe(), options));
    }

    private Path tiny() throws IOException {
        return TinyCheckpoint.write(directory, TinyCheckpoint.Family.LLAMA, SafetensorsDtype.F32);
    }

    private static void fails(Kind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    private static void load(ModelFiles files, LoadOptions load, Map<String, String> options) {
        Models.engine(options).openTokenModel(files, load).close();
    }

    private static void load(Path model, Map<String, String> options) throws IOException {
        load(Models.files(model, Precision.F32), new LoadOptions(64, 1, 1, "cpu"), options);
    }

    @Test
    void shippedLibraryIsAvailableOnTheCpu() {
        assertThat(probe(Map.of()))
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        available -> {
                            assertThat(available.version()).startsWith("libtorch 2.");
                            assertThat(available.devices())
                                    .extracting(device -> device.id())
                                    .containsExactly("cpu");
                        });
    }

    @Test
    void openedEngineTellsWhatComputes() {
        try (Engine engine = Models.engine(Map.of())) {
            Map<String, String> facts =
                    engine.facts().stream().collect(Collectors.toMap(Fact::name, Fact::value));
            assertThat(facts.get("libtorch")).startsWith("2.");
            assertThat(facts.get("djl")).startsWith("0.");
            assertThat(facts.get("library-sha256")).matches("[0-9a-f]{64}");
            assertThat(facts.get("binding-sha256")).matches("[0-9a-f]{64}");
            assertThat(facts.get("blas")).isEqualTo("mkl");
            assertThat(facts.get("mkl")).contains("Math Kernel Library");
            assertThat(facts.get("onednn")).contains("MKL-DNN");
            assertThat(facts.get("cpu-capability")).matches("AVX2|AVX512|DEFAULT");
        }
    }

    @Test
    void libraryLiesInAPrivateDirectoryUnderTheCache() throws IOException {
        Path cache = Path.of(System.getProperty("rackmark.cache"));
        Path library = LibTorch.load().directory();
        assertThat(library.toRealPath()).startsWithRaw(cache.toRealPath().resolve("djl"));
        assertThat(Files.getPosixFilePermissions(cache.resolve("djl"))).hasSize(3);
    }

    @Test
    void wrongOptionValuesNameTheAllowedOnes() {
        fails(Kind.BAD_OPTION, "stock, onednn", () -> probe(Map.of("linear", "fast")));
        fails(Kind.BAD_OPTION, "torchscript, eager", () -> probe(Map.of("mode", "jit")));
        fails(Kind.BAD_OPTION, "1 to 65536", () -> probe(Map.of("batch", "0")));
        fails(
                Kind.BAD_OPTION,
                "neither linear nor archive",
                () -> probe(Map.of("mode", "eager", "linear", "onednn")));
    }

    @Test
    void cudaIsRefusedAndNeverComputedOnTheCpu() throws IOException {
        ModelFiles files = Models.files(tiny(), Precision.F32);
        fails(
                Kind.UNAVAILABLE,
                "--device cpu",
                () -> load(files, new LoadOptions(64, 1, 1, "cuda:0"), Map.of()));
    }

    @Test
    void whatIsOfTheCpuAloneIsRefusedInF16() throws IOException {
        ModelFiles files = Models.files(tiny(), Precision.F16);
        LoadOptions load = new LoadOptions(64, 1, 1, "cpu");
        fails(Kind.BAD_OPTION, "not f16", () -> load(files, load, Map.of("linear", "onednn")));
        fails(Kind.BAD_OPTION, "allowed are f32", () -> load(files, load, Map.of("mode", "eager")));
    }

    @Test
    void otherFormatsAndPrecisionsAreRefused() throws IOException {
        Path model = tiny();
        LoadOptions load = new LoadOptions(64, 1, 1, "cpu");
        ModelFiles gguf = new ModelFiles("x", model, model, ModelFormat.GGUF, Precision.F32);
        fails(Kind.BAD_MODEL, "safetensors", () -> load(gguf, load, Map.of()));
        fails(
                Kind.BAD_OPTION,
                "allowed are f32, bf16",
                () -> load(Models.files(model, Precision.Q8_0), load, Map.of()));
        fails(
                Kind.BAD_OPTION,
                "allowed are f32",
                () -> load(Models.files(model, Precision.BF16), load, Map.of("mode", "eager")));
    }

    @Test
    void bfloat16WithOneDnnIsRefusedWhereTheCpuLacksTheInstructions() throws IOException {
        Assumptions.assumeFalse(CpuFlags.current().lets16BitIntoOneDnn(), "needs no AVX-512");
        ModelFiles files = Models.files(tiny(), Precision.BF16);
        fails(
                Kind.BAD_OPTION,
                "AVX-512",
                () -> load(files, new LoadOptions(64, 1, 1, "cpu"), Map.of("linear", "onednn")));
    }

    @Test
    void cacheLargerThanMemoryIsRefused() throws IOException {
        ModelFiles files = Models.files(tiny(), Precision.F32);
        for (String mode : new String[] {"torchscript", "eager"}) {
            fails(
                    Kind.OUT_OF_MEMORY,
                    "ask for fewer slots",
                    () -> load(files, new LoadOptions(1 << 30, 8, 1, "cpu"), Map.of("mode", mode)));
        }
    }

    @Test
    void missingTensorIsNamed() throws IOException {
        Path model = tiny();
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                config.replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4"));
        for (String mode : new String[] {"torchscript", "eager"}) {
            fails(
                    Kind.BAD_MODEL,
                    "no tensor model.layers.3.input_layernorm.weight",
                    () -> load(model, Map.of("mode", mode)));
        }
    }

    @Test
    void tensorOfAnotherShapeIsNamed() throws IOException {
        Path model = tiny();
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                config.replace("\"intermediate_size\": 56", "\"intermediate_size\": 57"));
        fails(
                Kind.BAD_MODEL,
                "model.layers.0.mlp.gate_proj.weight must have shape [57, 32]",
                () -> load(model, Map.of()));
    }

    @Test
    void tensorOfATypeThatIsNoFloatIsNamed() throws IOException {
        Path model = tiny();
        replaceInHeader(model, "\"F32\"", "\"I32\"");
        fails(Kind.BAD_MODEL, "has type I32", () -> load(model, Map.of()));
    }

    @Test
    void cutFileIsABadModelInEveryMode() throws IOException {
        Path model = tiny();
        Path file = TinyCheckpoint.weightFile(model);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        for (Map<String, String> options :
                List.of(
                        Map.<String, String>of(),
                        Map.of("mode", "eager"),
                        Map.of("archive", "true"))) {
            fails(Kind.BAD_MODEL, "damaged", () -> load(model, options));
        }
    }

    @Test
    void missingConfigurationIsABadModel() throws IOException {
        Path model = tiny();
        Files.delete(model.resolve("config.json"));
        fails(Kind.BAD_MODEL, "config.json", () -> load(model, Map.of()));
    }

    private static void replaceInHeader(Path model, String from, String to) throws IOException {
        Path file = TinyCheckpoint.weightFile(model);
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.write(file, text.replaceFirst(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }
}
