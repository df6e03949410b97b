package io.rackmark.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelCheck;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelInspection;
import io.rackmark.model.ModelSource;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.TokenizerSpec.Token;
import io.rackmark.model.convert.ConversionCache.Reuse;
import io.rackmark.model.gguf.GgufFile;
import io.rackmark.model.gguf.GgufTensor;
import io.rackmark.model.gguf.GgufValue;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
    @TempDir private Path temporary;

    private final Checkpoint checkpoint = EmbeddedModel.checkpoint();

    private Path convert(Precision precision) throws IOException {
        Path file = temporary.resolve(precision.label() + ".gguf");
        new GgufConverter(checkpoint, precision).write(file, ConversionProgress.NONE);
        return file;
    }

    /** Values of the source's rows in the order in which llama.cpp wants them. */
    private static float[] permuted(SafetensorsTensor source, int heads) {
        float[] values = new float[(int) source.elements()];
        source.read(0, values.length, values);
        int columns = source.shape().getLast().intValue();
        int half = source.shape().getFirst().intValue() / heads / 2;
        float[] result = new float[values.length];
        for (int head = 0; head < heads; head++) {
            for (int part = 0; part < 2; part++) {
                for (int i = 0; i < half; i++) {
                    int from = (head * 2 + part) * half + i;
                    int to = (head * half + i) * 2 + part;
                    System.arraycopy(values, from * columns, result, to * columns, columns);
                }
            }
        }
        return result;
    }

    private float[] expected(SafetensorsTensor source) {
        ModelConfig config = checkpoint.config();
        if (source.name().endsWith("q_proj.weight")) {
            return permuted(source, config.heads());
        }
        if (source.name().endsWith("k_proj.weight")) {
            return permuted(source, config.kvHeads());
        }
        float[] values = new float[(int) source.elements()];
        source.read(0, values.length, values);
        return values;
    }

    /** Largest difference, over blocks of 32, relative to the largest magnitude of the block. */
    private static double worstRelativeError(float[] expected, GgufTensor tensor) {
        float[] found = new float[expected.length];
        tensor.read(0, found.length, found);
        double worst = 0;
        for (int block = 0; block < found.length; block += 32) {
            double largest = 0;
            double difference = 0;
            for (int i = block; i < block + 32; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs(expected[i] - found[i]));
            }
            worst = Math.max(worst, largest == 0 ? difference : difference / largest);
        }
        return worst;
    }

    @ParameterizedTest
    @CsvSource({"F32, 0", "BF16, 0", "F16, 0.0005", "Q8_0, 0.0045", "Q4_0, 0.1256"})
    void everyTensorComesBackWithinThePrecision(Precision precision, double bound)
            throws IOException {
        try (GgufFile file = GgufFile.open(convert(precision));
                CheckpointWeights weights = checkpoint.openWeights()) {
            assertThat(file.tensors()).hasSameSizeAs(weights.tensors());
            for (TensorRule rule : LlamaTensors.rules(checkpoint.config())) {
                float[] expected = expected(weights.require(rule.source(), rule.shape()));
                GgufTensor tensor = file.tensor(rule.target());
                assertThat(tensor.shape()).isEqualTo(rule.shape());
                assertThat(worstRelativeError(expected, tensor))
                        .as(rule.target())
                        .isLessThanOrEqualTo(rule.shape().size() == 1 ? 0 : bound);
            }
        }
    }

    @Test
    void metadataCarriesShapeAndVocabulary() throws IOException {
        Path path = convert(Precision.Q8_0);
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(file.text("general.architecture")).hasValue("llama");
            assertThat(file.whole("general.file_type")).hasValue(7L);
            assertThat(file.whole("llama.block_count")).hasValue(8L);
            assertThat(file.whole("llama.attention.head_count_kv")).hasValue(2L);
            assertThat(file.whole("llama.rope.dimension_count")).hasValue(64L);
            assertThat(file.text("tokenizer.ggml.model")).hasValue("gpt2");
            assertThat(file.text("tokenizer.ggml.pre")).hasValue("gpt-2");
            assertThat(file.whole("tokenizer.ggml.eos_token_id")).hasValue(2L);
            assertThat(file.text("tokenizer.chat_template")).isEqualTo(checkpoint.chatTemplate());
            assertThat(file.metadata())
                    .containsEntry("tokenizer.ggml.add_bos_token", GgufValue.bool(false))
                    .containsEntry(
                            "tokenizer.ggml.tokens",
                            GgufValue.texts(
                                    checkpoint.tokenizer().tokens().stream()
                                            .map(Token::text)
                                            .toList()))
                    .containsEntry(
                            "tokenizer.ggml.merges",
                            GgufValue.texts(checkpoint.tokenizer().merges()));
            List<Integer> types = new ArrayList<>(List.of(3, 3, 3));
            types.addAll(Collections.nCopies(2048 - 3, 1));
            assertThat(file.metadata())
                    .containsEntry("tokenizer.ggml.token_type", GgufValue.int32s(types));
        }
        ModelSource source = new ModelSource.Gguf("q8_0", path);
        ModelInspection inspection = ModelInspection.of(source);
        assertThat(inspection.parameters()).hasValue(6_820_096);
        assertThat(inspection.vocabulary()).hasValue(2048);
        assertThat(inspection.tokenizer()).isEqualTo("gpt2 (gpt-2)");
        assertThat(ModelCheck.of(source).faults()).isEmpty();
    }

    @Test
    void rotaryFactorsFollowLlama3() {
        ModelConfig config = checkpoint.config();
        // Base 10000, 64 wide, 2048 tokens: wavelengths 6.28 … 47117; kept below 512, divided
        // by 8 above 2048; pair 18 has wavelength 1117.4.
        float[] factors = RopeFactors.of(config, new RopeScaling.Llama3(8, 1, 4, 2048));
        assertThat(factors).hasSize(32);
        assertThat(factors[0]).isEqualTo(1);
        assertThat(factors[31]).isEqualTo(8);
        double smooth = (2048 / (2 * Math.PI * Math.pow(10_000, 36 / 64.0)) - 1) / 3;
        assertThat((double) factors[18])
                .isCloseTo(8 / (1 - smooth + 8 * smooth), within(1e-5))
                .isBetween(1.5, 7.0);
    }

    @Test
    void progressEndsAtTheAnnouncedSize() throws IOException {
        List<Long> done = new ArrayList<>();
        GgufConverter converter = new GgufConverter(checkpoint, Precision.Q4_0);
        converter.write(
                temporary.resolve("p.gguf"),
                (bytes, total) -> {
                    assertThat(total).isEqualTo(converter.dataBytes());
                    done.add(bytes);
                });
        assertThat(done).isSorted().hasSize(74).endsWith(converter.dataBytes());
    }

    @Test
    void unknownSplittingRulesAreRefused() throws IOException {
        Path copy = EmbeddedModel.copyTo(temporary.resolve("copy"));
        Path tokenizer = copy.resolve("tokenizer.json");
        Files.writeString(
                tokenizer,
                Files.readString(tokenizer)
                        .replace("\"add_prefix_space\": false", "\"add_prefix_space\": true"));
        Checkpoint changed = Checkpoint.read(copy);
        assertThatThrownBy(() -> new GgufConverter(changed, Precision.F16))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("[bytelevel+regex+prefix-space]")
                .hasMessageContaining("[dbrx, gpt-2, llama-bpe, qwen2, smollm]");
    }

    private ModelFiles cached(Path cache, Reuse reuse) {
        return new ConversionCache(cache)
                .gguf(checkpoint, Precision.Q4_0, reuse, ConversionProgress.NONE);
    }

    @Test
    void aDerivedFileIsMadeOnceAndFoundAgain() throws IOException {
        ModelFiles files = cached(temporary, Reuse.CHECK_STAMP);
        assertThat(files.format()).isEqualTo(ModelFormat.GGUF);
        assertThat(files.weights().getFileName()).hasToString("embedded-q4_0.gguf");
        assertThat(temporary.resolve("derived").relativize(files.weights()).toString())
                .matches("[0-9a-f]{64}-v" + GgufConverter.VERSION + "/embedded-q4_0.gguf");
        FileTime made = Files.getLastModifiedTime(files.weights());
        assertThat(cached(temporary, Reuse.CHECK_STAMP)).isEqualTo(files);
        assertThat(cached(temporary, Reuse.CHECK_CONTENT)).isEqualTo(files);
        assertThat(Files.getLastModifiedTime(files.weights())).isEqualTo(made);
        try (Stream<Path> left = Files.list(files.weights().resolveSibling("."))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".lock", "embedded-q4_0.gguf", "embedded-q4_0.gguf.stamp");
        }
    }

    @Test
    void aDamagedFileIsDerivedAgain() throws IOException {
        Path file = cached(temporary, Reuse.CHECK_STAMP).weights();
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(sound, sound.length / 2));
        Files.writeString(file.resolveSibling("old.gguf.tmp"), "left by a killed process");
        cached(temporary, Reuse.CHECK_STAMP);
        assertThat(Files.readAllBytes(file)).isEqualTo(sound);
        assertThat(file.resolveSibling("old.gguf.tmp")).doesNotExist();

        FileTime time = Files.getLastModifiedTime(file);
        byte[] flipped = sound.clone();
        flipped[flipped.length - 100] ^= 1;
        Files.write(file, flipped);
        Files.setLastModifiedTime(file, time);
        cached(temporary, Reuse.CHECK_CONTENT);
        assertThat(Files.readAllBytes(file)).isEqualTo(sound);

        Files.writeString(file.resolveSibling(file.getFileName() + ".stamp"), "nonsense");
        cached(temporary, Reuse.CHECK_STAMP);
        assertThat(Files.readAllBytes(file)).isEqualTo(sound);
    }

    @Test
    void aCopiedCacheIsUsedAsItIs() throws IOException {
        Path file = cached(temporary, Reuse.CHECK_STAMP).weights();
        FileTime copied = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, copied);
        cached(temporary, Reuse.CHECK_STAMP);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(copied);
    }

    @Test
    void anotherSourceIsAnotherDerivedFile() throws IOException {
        Path copy = EmbeddedModel.copyTo(temporary.resolve("embedded"));
        ConversionCache cache = new ConversionCache(temporary.resolve("cache"));
        Set<Path> homes =
                Stream.of(0, 1)
                        .map(
                                round -> {
                                    touch(copy.resolve("chat_template.jinja"), "v" + round);
                                    return cache.gguf(
                                                    Checkpoint.read(copy),
                                                    Precision.Q4_0,
                                                    Reuse.CHECK_STAMP,
                                                    ConversionProgress.NONE)
                                            .weights();
                                })
                        .collect(Collectors.toSet());
        assertThat(homes).hasSize(2);
    }

    private static void touch(Path file, String text) {
        try {
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.fromMillis(text.hashCode() * 1000L));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void manyThreadsShareOneDerivedFile() throws InterruptedException, ExecutionException {
        List<Callable<ModelFiles>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tasks.add(() -> cached(temporary, Reuse.CHECK_CONTENT));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<ModelFiles> future : threads.invokeAll(tasks)) {
                assertThat(future.get()).isEqualTo(cached(temporary, Reuse.CHECK_CONTENT));
            }
        }
    }

    @Test
    void anUnusableCacheIsNamedWithTheWayOut() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> cached(file.resolve("cache"), Reuse.CHECK_STAMP))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("cannot write the model cache " + file.resolve("cache"))
                .hasMessageEndingWith("with --cache DIR or RACKMARK_CACHE")
                .extracting(e -> ((ModelException) e).kind())
                .isEqualTo(ModelException.Kind.ENVIRONMENT);
    }
}
