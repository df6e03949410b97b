package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.onnxruntime.TinyCheckpoint.Family;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.onnx.GraphForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bound inputs and outputs, on the CPU, against the Java API on the same graphs. */
class BoundModelTest {
    private static final int CONTEXT = 64;

    @TempDir static Path directory;
    private static Checkpoint checkpoint;

    @BeforeAll
    static void writeModel() throws IOException {
        checkpoint = TinyCheckpoint.of(Family.QWEN3).write(directory.resolve("model"));
    }

    private static ModelFiles files(Precision precision) {
        return Models.convert(checkpoint, precision, directory.resolve("cache"));
    }

    static Stream<Arguments> graphs() {
        return Stream.of(Precision.F32, Precision.F16, Precision.INT8, Precision.INT4)
                .flatMap(
                        precision ->
                                GraphForm.of(precision).stream()
                                        .map(form -> Arguments.of(precision, form)));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void anySequenceOfCallsGivesExactlyTheLogitsOfTheJavaApi(Precision precision, GraphForm form) {
        int slots = 4;
        Random random = new Random(17);
        int[] lengths = new int[slots];
        try (TokenModel bound = Models.open(files(precision), form, slots, "binding", "io");
                TokenModel java = Models.open(files(precision), form, slots)) {
            for (int round = 0; round < 80; round++) {
                int slot = random.nextInt(slots);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        bound.reset(slot);
                        java.reset(slot);
                        lengths[slot] = 0;
                    }
                    case 1, 2 -> lengths[slot] += prefill(bound, java, slot, lengths, random);
                    default -> step(bound, java, lengths, random);
                }
            }
        }
    }

    private static int prefill(
            TokenModel bound, TokenModel java, int slot, int[] lengths, Random random) {
        int count = Math.min(1 + random.nextInt(9), CONTEXT - lengths[slot]);
        if (count < 1) {
            return 0;
        }
        int[] tokens = random.ints(count, 0, TinyCheckpoint.VOCABULARY).toArray();
        boolean last = random.nextBoolean();
        assertThat(bound.prefill(slot, tokens, last, Models.NEVER))
                .isEqualTo(java.prefill(slot, tokens, last, Models.NEVER));
        return count;
    }

    private static void step(TokenModel bound, TokenModel java, int[] lengths, Random random) {
        int[] slots =
                random.ints(0, lengths.length)
                        .distinct()
                        .limit(1 + random.nextInt(lengths.length))
                        .filter(slot -> lengths[slot] < CONTEXT)
                        .toArray();
        if (slots.length == 0) {
            return;
        }
        int[] tokens = random.ints(slots.length, 0, TinyCheckpoint.VOCABULARY).toArray();
        assertThat(bound.decode(slots, tokens)).isDeepEqualTo(java.decode(slots, tokens));
        for (int slot : slots) {
            lengths[slot]++;
        }
    }

    @Test
    void exportsOfOthersGiveTheLogitsOfTheJavaApi() {
        Path home = Path.of("src/test/resources/exports");
        for (String name : List.of("optimum", "genai")) {
            ModelFiles export =
                    new ModelFiles(
                            name,
                            home,
                            home.resolve(name + ".onnx"),
                            ModelFormat.ONNX,
                            Precision.F32);
            try (TokenModel bound = Models.open(export, GraphForm.CONTRIB, 2, "binding", "io");
                    TokenModel java = Models.open(export, GraphForm.CONTRIB, 2)) {
                int[] prompt = {1, 2, 3, 4};
                assertThat(bound.prefill(1, prompt, true, Models.NEVER))
                        .isEqualTo(java.prefill(1, prompt, true, Models.NEVER));
                assertThat(bound.decode(new int[] {1}, new int[] {5}))
                        .isDeepEqualTo(java.decode(new int[] {1}, new int[] {5}));
            }
        }
    }

    @Test
    void factsTellHowTheGraphIsFedAndWhereItsNodesWent() {
        try (TokenModel model =
                Models.open(files(Precision.F32), GraphForm.CONTRIB, 1, "binding", "io")) {
            assertThat(model.shape().facts()).contains(new Fact("binding", "io"));
            assertThat(model.shape().facts())
                    .filteredOn(fact -> fact.name().equals("placement"))
                    .singleElement()
                    .satisfies(
                            fact ->
                                    assertThat(fact.value())
                                            .matches("CPUExecutionProvider \\d+ nodes"));
        }
    }

    @Test
    void nodesThatOnlyTheCpuHasAKernelForAreRefusedWhenItMustNotHelp() {
        ModelFiles files = files(Precision.F32);
        Map<String, String> none = Map.of();
        OnnxRuntimeOptions options = Models.options(none);
        OrtModel.Settings settings =
                new OrtModel.Settings(
                        1, options, new Target(Provider.CPU, 0, GpuOptions.Binding.IO), none, true);
        assertThatThrownBy(
                        () ->
                                OrtModel.load(
                                        OrtLibrary.load(),
                                        WeightFiles.find(files.weights(), files),
                                        settings))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("has no kernel for a node of model-f32.onnx")
                .hasMessageContaining("--device cpu");
    }

    @Test
    void cacheLargerThanMemoryIsRefused() {
        ModelFiles files = files(Precision.F32);
        assertThatThrownBy(
                        () ->
                                Models.open(
                                        files,
                                        new LoadOptions(128, Integer.MAX_VALUE, 1, "cpu"),
                                        Map.of("binding", "io")))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_MEMORY));
    }
}
