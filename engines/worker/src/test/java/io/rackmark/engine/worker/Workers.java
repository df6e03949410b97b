package io.rackmark.engine.worker;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Workers on the class path of these tests. */
final class Workers {
    static final Timeouts TIMEOUTS =
            new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10));

    private Workers() {}

    static WorkerSpec spec(Path work, Map<String, String> options) {
        return new WorkerSpec(
                "timed",
                classPath(),
                options,
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                Map.of(),
                work,
                TIMEOUTS);
    }

    /** Without the testkit, whose scripted engine would be a second one. */
    static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("testkit"))
                .map(Path::of)
                .toList();
    }

    static WorkerSpec patient(WorkerSpec spec, Timeouts timeouts) {
        return new WorkerSpec(
                spec.engineId(),
                spec.classPath(),
                spec.options(),
                spec.jvmArguments(),
                spec.environment(),
                spec.workDirectory(),
                timeouts);
    }

    /** Started, opened and loaded. */
    static WorkerProcess ready(WorkerSpec spec) {
        WorkerProcess worker = WorkerLauncher.start(spec);
        worker.open();
        worker.load(model("good"), new LoadOptions(4096, 4, 1, "cpu"));
        return worker;
    }

    static ModelFiles model(String name) {
        return new ModelFiles(
                name,
                Path.of("a folder", "größe"),
                Path.of("a folder", "größe", "model.gguf"),
                ModelFormat.GGUF,
                Precision.F32);
    }

    static GenerationRequest request(int tokens) {
        return new GenerationRequest(
                new Prompt.Tokens(List.of(5, 6, 7)), Sampling.GREEDY, tokens, List.of(), true);
    }
}
