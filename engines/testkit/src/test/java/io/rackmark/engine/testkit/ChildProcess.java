package io.rackmark.engine.testkit;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A scripted engine in a JVM of its own, for scripts that end the process.
 *
 * @param status exit status as a shell tells it
 * @param output of both streams
 */
record ChildProcess(int status, String output) {

    static ChildProcess run(Path directory, String option)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + directory.resolve("crash.log"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ChildProcess.class.getName(),
                                directory.resolve("scripted.weights").toString(),
                                option)
                        .directory(new File(directory.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the child did not end within 60 s");
        }
        return new ChildProcess(
                process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    public static void main(String[] args) {
        Path weights = Path.of(args[0]);
        String[] option = args[1].split("=", -1);
        ScriptedEngine engine = new ScriptedEngine();
        OptionValues values = OptionValues.parse(engine.describe(), Map.of(option[0], option[1]));
        ModelFiles files =
                new ModelFiles(
                        "scripted",
                        weights.resolveSibling("."),
                        weights,
                        ModelFormat.GGUF,
                        Precision.F32);
        GenerationRequest request =
                new GenerationRequest(new Prompt.Text("go"), Sampling.GREEDY, 9, List.of(), false);
        try (LoadedModel model =
                engine.open(values).load(files, new LoadOptions(64, 1, 0, "cpu"))) {
            model.generate(request, (token, text) -> System.out.println("token " + (token - 255)));
        }
    }
}
