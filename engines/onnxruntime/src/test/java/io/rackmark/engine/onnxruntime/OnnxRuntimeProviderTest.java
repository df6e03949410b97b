package io.rackmark.engine.onnxruntime;

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
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Family;
import io.rackmark.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused, of which kind, and in which words. */
class OnnxRuntimeProviderTest {
    private static final LoadOptions LOAD = new LoadOptions(32, 1, 1, "cpu");

    private final OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
    @TempDir Path directory;
    private Checkpoint checkpoint;
    private ModelFiles files;

    @BeforeEach
    void writeModel() throws IOException {
        checkpoint = TinyCheckpoint.of(Family.LLAMA).write(directory.resolve("model"));
        files = Models.convert(checkpoint, Precision.F32, directory.resolve("cache"));
    }

    private void open(LoadOptions load, Map<String, String> options) {
        Models.open(files, load, options).close();
    }

    private static void fails(Kind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void shippedLibraryIsAvailableAndIdentified() {
        assertThat(provider.probe(OptionValues.parse(provider.describe(), Map.of())))
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        available -> {
                            assertThat(available.version()).isEqualTo("1.29.0");
                            assertThat(available.devices())
                                    .extracting(device -> device.id())
                                    .containsExactly("cpu");
                            assertThat(available.facts())
                                    .extracting(Fact::name)
                                    .contains("library", "library-sha256", "providers");
                        });
    }

    @Test
    void cacheDirectoryFollowsTheUsersChoice() {
        Path home = Path.of("/home/somebody/.cache/rackmark");
        assertThat(NativeFiles.cacheDirectory("/mine", "/xdg", "/home/somebody"))
                .isEqualTo(Path.of("/mine"));
        assertThat(NativeFiles.cacheDirectory(null, "/xdg", "/home/somebody"))
                .isEqualTo(Path.of("/xdg/rackmark"));
        assertThat(NativeFiles.cacheDirectory(null, "relative", "/home/somebody")).isEqualTo(home);
    }

    @Test
    void damagedUnpackedLibraryIsReplaced() throws IOException {
        NativeFiles first = NativeFiles.unpack(directory.resolve("native-cache"));
        Files.writeString(first.library(), "cut off");
        NativeFiles second = NativeFiles.unpack(directory.resolve("native-cache"));
        assertThat(second).isEqualTo(first);
        assertThat(Files.size(second.library())).isGreaterThan(1_000_000);
    }

    @Test
    void wrongOptionsAreToldWithTheAllowedValues() {
        fails(Kind.BAD_OPTION, "portable-21", () -> open(LOAD, Map.of("graph", "torch")));
        fails(Kind.BAD_OPTION, "extended", () -> open(LOAD, Map.of("optimization", "max")));
        fails(Kind.BAD_OPTION, "1 to 65536", () -> open(LOAD, Map.of("chunk", "0")));
    }

    @Test
    void graphThatThePrecisionDoesNotHaveIsABadOption() {
        ModelFiles int8 = Models.convert(checkpoint, Precision.INT8, directory.resolve("cache"));
        fails(
                Kind.BAD_OPTION,
                "in precision int8 it can be contrib, contrib-exact",
                () -> Models.open(int8, LOAD, Map.of("graph", "portable-21")));
    }

    @Test
    void gpuIsRefusedAndNotReplacedByTheCpu() {
        fails(
                Kind.UNAVAILABLE,
                "take --device cpu",
                () -> open(new LoadOptions(32, 1, 1, "cuda:0"), Map.of()));
    }

    @Test
    void contextBeyondTheModelsIsABadOption() {
        fails(
                Kind.BAD_OPTION,
                "129 tokens is more than the 128",
                () -> open(new LoadOptions(129, 1, 1, "cpu"), Map.of()));
    }

    @Test
    void cacheLargerThanMemoryIsRefused() {
        fails(
                Kind.OUT_OF_MEMORY,
                "fewer slots",
                () -> open(new LoadOptions(128, Integer.MAX_VALUE, 1, "cpu"), Map.of()));
    }

    @Test
    void otherModelFormatsAreRefused() {
        ModelFiles gguf =
                new ModelFiles("x", directory, files.weights(), ModelFormat.GGUF, Precision.F32);
        fails(Kind.BAD_MODEL, "loads ONNX", () -> Models.open(gguf, LOAD, Map.of()));
    }

    @Test
    void fileThatIsNoOnnxIsABadModel() throws IOException {
        Files.writeString(files.weights(), "no model");
        fails(Kind.BAD_MODEL, "is damaged at byte", () -> open(LOAD, Map.of()));
        Files.writeString(files.weights(), "");
        fails(Kind.BAD_MODEL, "an ONNX model with a graph", () -> open(LOAD, Map.of()));
    }

    @Test
    void missingDataFileIsABadModelThatNamesIt() throws IOException {
        Files.delete(files.weights().resolveSibling("model-f32.onnx.data"));
        fails(Kind.BAD_MODEL, "needs the file model-f32.onnx.data", () -> open(LOAD, Map.of()));
    }

    @Test
    void missingCheckpointWeightsAreABadModelThatNamesThem() throws IOException {
        Files.delete(checkpoint.directory().resolve("model.safetensors"));
        fails(Kind.BAD_MODEL, "needs the file model.safetensors", () -> open(LOAD, Map.of()));
    }

    @Test
    void shortDataFileIsABadModel() throws IOException {
        Path data = files.weights().resolveSibling("model-f32.onnx.data");
        Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 100));
        fails(Kind.BAD_MODEL, "is cut off", () -> open(LOAD, Map.of()));
    }

    @Test
    void vocabularyOfAnotherModelIsABadModel() throws IOException {
        Path config = checkpoint.directory().resolve("config.json");
        String changed =
                Files.readString(config).replace("\"vocab_size\": 96", "\"vocab_size\": 97");
        Files.writeString(config, changed);
        fails(Kind.BAD_MODEL, "vocabulary of 96 tokens", () -> open(LOAD, Map.of()));
    }

    @Test
    void damagedGraphsAreRefusedOrRunButEndNothing() throws IOException {
        byte[] sound = Files.readAllBytes(files.weights());
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 120; i++) {
            byte[] content = sound.clone();
            if (i % 3 == 0) {
                content = Arrays.copyOf(content, random.nextInt(content.length));
            } else {
                content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(files.weights(), content);
            refused += loadsAndRuns() ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(60);
    }

    private boolean loadsAndRuns() {
        try (TokenModel model = Models.open(files, LOAD, Map.of())) {
            model.prefill(0, new int[] {1, 2, 3}, true, Models.NEVER);
            model.decode(new int[] {0}, new int[] {4});
            return true;
        } catch (EngineException e) {
            return false;
        }
    }
}
