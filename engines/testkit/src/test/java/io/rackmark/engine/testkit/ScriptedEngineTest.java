package io.rackmark.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScriptedEngineTest implements EngineContract {
    @TempDir private Path directory;

    @BeforeEach
    void writeWeights() throws IOException {
        Files.write(directory.resolve("scripted.weights"), new byte[] {1});
    }

    @Override
    public EngineProvider provider() {
        return new ScriptedEngine();
    }

    @Override
    public ModelFiles modelFiles() {
        return new ModelFiles(
                "scripted",
                directory,
                directory.resolve("scripted.weights"),
                ModelFormat.SAFETENSORS,
                Precision.F32);
    }

    @Test
    void tokensComeAtTheirTimesAndReleasesTellWhen() {
        long start = System.nanoTime();
        Recorder run = run(Map.of("prefill-ms", "30", "token-ms", "10", "tokens", "5"));
        assertThat(run.completion().finish()).isEqualTo(Finish.STOP);
        assertThat(run.text()).isEqualTo("t1 t2 t3 t4 t5 ");
        assertThat(run.tokens()).containsExactly(256, 257, 258, 259, 260, ScriptedModel.END);
        assertThat(run.times().getFirst() - start).isGreaterThanOrEqualTo(30_000_000);
        assertThat(run.times().getLast() - start).isGreaterThanOrEqualTo(80_000_000);
    }

    @Test
    void releasesLieBetweenTheirDueTimesAndTheEvents() {
        try (ScriptedModel model = load(Map.of("token-ms", "5", "tokens", "4"))) {
            long before = System.nanoTime();
            Recorder run = Recorder.run(model, request(100));
            List<Long> releases = model.releases().getFirst();
            assertThat(releases).hasSameSizeAs(run.times());
            for (int i = 0; i < releases.size(); i++) {
                assertThat(releases.get(i) - before).isGreaterThanOrEqualTo(i * 5_000_000L);
                assertThat(run.times().get(i)).isGreaterThanOrEqualTo(releases.get(i));
            }
        }
    }

    @Test
    void stampsAreTheReleaseTimes() {
        try (ScriptedModel model = load(Map.of("stamps", "true", "tokens", "3"))) {
            Recorder run = Recorder.run(model, request(100));
            List<Long> stamps =
                    List.of(run.text().strip().split(" ", -1)).stream().map(Long::valueOf).toList();
            assertThat(model.releases().getFirst().subList(0, 3)).isEqualTo(stamps);
        }
    }

    @Test
    void answerIsCutIntoWords() {
        Recorder run = run(Map.of("answer", "{\"sql\": \"SELECT 1\"}"));
        assertThat(run.text()).isEqualTo("{\"sql\": \"SELECT 1\"}");
        assertThat(run.texts()).containsExactly("{\"sql\":", " \"SELECT", " 1\"}", "");
    }

    @Test
    void memoryRunsOutAtTheToken() {
        try (ScriptedModel model = load(Map.of("oom-at-token", "3"))) {
            assertThatThrownBy(() -> Recorder.run(model, request(10)))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(model.releases().getFirst()).hasSize(2);
        }
    }

    @Test
    void crashIsARealSegmentationFault() throws Exception {
        ChildProcess child = ChildProcess.run(directory, "crash-at-token=2");
        assertThat(child.status()).isNotZero();
        assertThat(child.output()).contains("token 1").doesNotContain("token 2");
        assertThat(child.output()).contains("SIGSEGV");
    }

    @Test
    void haltExitsWithThree() throws Exception {
        ChildProcess child = ChildProcess.run(directory, "halt-at-token=2");
        assertThat(child.status()).isEqualTo(3);
        assertThat(child.output()).contains("token 1").doesNotContain("token 2");
    }

    private Recorder run(Map<String, String> options) {
        try (LoadedModel model = load(options)) {
            return Recorder.run(model, request(100));
        }
    }

    private ScriptedModel load(Map<String, String> options) {
        OptionValues values = OptionValues.parse(provider().describe(), options);
        return (ScriptedModel)
                provider().open(values).load(modelFiles(), new LoadOptions(256, 1, 0, "cpu"));
    }

    private static GenerationRequest request(int maxTokens) {
        return new GenerationRequest(
                new Prompt.Text("go"), Sampling.GREEDY, maxTokens, List.of(), false);
    }
}
