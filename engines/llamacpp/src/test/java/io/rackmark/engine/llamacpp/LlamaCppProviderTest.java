package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LlamaCppProviderTest {
    private final LlamaCppProvider provider = new LlamaCppProvider();
    @TempDir Path directory;

    private Availability probe(Map<String, String> options) {
        return provider.probe(OptionValues.parse(provider.describe(), options));
    }

    private static void fails(Kind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void shippedLibraryIsAvailableAndIdentified() {
        assertThat(probe(Map.of()))
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        available -> {
                            assertThat(available.version()).isEqualTo("b4916");
                            assertThat(available.devices())
                                    .extracting(device -> device.id())
                                    .containsExactly("cpu");
                            assertThat(available.facts())
                                    .contains(
                                            new Fact("build", "b4916"),
                                            new Fact("library-source", "shipped"))
                                    .extracting(Fact::name)
                                    .contains("library", "library-sha256", "system-info");
                        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void libraryThatIsNotLlamaIsRefusedByItsSymbols() {
        Path libjava = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
        assertThat(probe(Map.of("lib", libjava.toString())))
                .isInstanceOfSatisfying(
                        Availability.Unavailable.class,
                        unavailable -> {
                            assertThat(unavailable.reason())
                                    .contains("libjava.so", "llama_model_default_params", "b4916");
                            assertThat(unavailable.remedy()).contains("--llama-lib");
                        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fileThatIsNoLibraryIsRefusedInTheLoadersWords() throws IOException {
        Path file = Files.writeString(directory.resolve("libllama.so"), "no library");
        assertThat(probe(Map.of("lib", directory.toString())))
                .isInstanceOfSatisfying(
                        Availability.Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.reason())
                                        .contains(file.toString())
                                        .containsAnyOf("file too short", "invalid ELF header"));
    }

    @Test
    void openSaysWhatProbeSays() {
        OptionValues options =
                OptionValues.parse(provider.describe(), Map.of("lib", directory.toString()));
        fails(Kind.UNAVAILABLE, "holds none of", () -> provider.open(options));
    }

    @Test
    void batchOutOfRangeIsABadOption() {
        fails(Kind.BAD_OPTION, "'ubatch' is 0", () -> probe(Map.of("ubatch", "0")));
    }

    @Test
    void gpuWithACpuLibraryIsRefusedAndNotIgnored() throws IOException {
        Path gguf = TinyGguf.write(directory, TinyGguf.small());
        LoadOptions onGpu = new LoadOptions(32, 1, 1, "cuda:0");
        fails(
                Kind.UNAVAILABLE,
                "the library is CPU only",
                () -> Models.SHIPPED.engine(Map.of()).openTokenModel(Models.files(gguf), onGpu));
        fails(
                Kind.BAD_OPTION,
                "'gpu-layers' needs a GPU",
                () -> Models.SHIPPED.open(gguf, 32, 1, Map.of("gpu-layers", "4")));
    }

    @Test
    void otherModelFormatsAreRefused() throws IOException {
        Path gguf = TinyGguf.write(directory, TinyGguf.small());
        ModelFiles files = new ModelFiles("x", directory, gguf, ModelFormat.ONNX, Precision.F32);
        fails(
                Kind.BAD_MODEL,
                "convert",
                () ->
                        Models.SHIPPED
                                .engine(Map.of())
                                .openTokenModel(files, new LoadOptions(32, 1, 1, "cpu")));
    }

    @Test
    void cacheLargerThanMemoryIsRefused() throws IOException {
        Path gguf = TinyGguf.write(directory, TinyGguf.large());
        fails(Kind.OUT_OF_MEMORY, "ask for", () -> Models.SHIPPED.open(gguf, 1 << 29, 1, Map.of()));
        fails(
                Kind.OUT_OF_MEMORY,
                "more than",
                () -> Models.SHIPPED.open(gguf, 1 << 30, 4, Map.of()));
    }

    @Test
    void weightsLargerThanMemoryAreRefusedBeforeTheyAreRead() throws IOException {
        Path gguf = TinyGguf.write(directory, TinyGguf.small());
        try (RandomAccessFile file = new RandomAccessFile(gguf.toFile(), "rw")) {
            file.setLength(1L << 40); // takes no room on the disk
        }
        fails(
                Kind.OUT_OF_MEMORY,
                "the weights need 1024.0 GiB",
                () -> Models.SHIPPED.open(gguf, 32, 1));
    }

    @Test
    void nativeReasonIsPartOfTheMessage() throws IOException {
        byte[] content = TinyGguf.small();
        String text = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1);
        content[text.indexOf("output_norm")] = 'x';
        Path gguf = TinyGguf.write(directory, content);
        fails(Kind.BAD_MODEL, "missing tensor", () -> Models.SHIPPED.open(gguf, 32, 1));
    }

    @Test
    void devicesAreNamedAsInPlans() {
        assertThat(LlamaLibrary.deviceId("CUDA0")).isEqualTo("cuda:0");
        assertThat(LlamaLibrary.deviceId("Metal")).isEqualTo("metal");
    }
}
