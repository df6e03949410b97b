package io.rackmark.runner;

import io.rackmark.engine.Engine;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Main of a child process with one engine's class path: loads a model, generates and closes it, as
 * often as asked, and prints the resident memory now and then.
 *
 * <p>Arguments: cycles, checkpoint directory, weights, {@link ModelFormat}, precision label, then
 * engine options as {@code name=value}. Each line is {@code cycle kilobytes}; the memory of a cycle
 * is read after a collection of the heap.
 */
final class SoakWorker {
    private static final int LINES = 20;

    private SoakWorker() {}

    public static void main(String[] args) throws IOException {
        int cycles = Integer.parseInt(args[0]);
        ModelFiles files =
                new ModelFiles(
                        "soak",
                        Path.of(args[1]),
                        Path.of(args[2]),
                        ModelFormat.valueOf(args[3]),
                        Precision.of(args[4]));
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : List.of(args).subList(5, args.length)) {
            options.put(
                    option.substring(0, option.indexOf('=')),
                    option.substring(option.indexOf('=') + 1));
        }
        EngineProvider provider =
                ServiceLoader.load(EngineProvider.class).findFirst().orElseThrow();
        try (Engine engine = provider.open(OptionValues.parse(provider.describe(), options))) {
            for (int cycle = 1; cycle <= cycles; cycle++) {
                run(engine, files);
                if (cycle % Math.max(1, cycles / LINES) == 0) {
                    System.gc();
                    System.out.println(cycle + " " + residentKilobytes());
                }
            }
        }
        // Native libraries may keep threads that would hold the process.
        System.exit(0);
    }

    private static void run(Engine engine, ModelFiles files) {
        GenerationRequest request =
                new GenerationRequest(
                        new Prompt.Tokens(List.of(5, 6, 7, 8)),
                        Sampling.GREEDY,
                        4,
                        List.of(),
                        true);
        try (LoadedModel model = engine.load(files, new LoadOptions(256, 2, 1, "cpu"))) {
            model.generate(request, (_, _) -> {});
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
