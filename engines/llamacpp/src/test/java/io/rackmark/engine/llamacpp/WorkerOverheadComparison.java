package io.rackmark.engine.llamacpp;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.worker.Generated;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.engine.worker.WorkerSpec;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What worker process, scheduler, detokeniser and clock cost: a bare greedy loop over the engine in
 * this process against the same work through a worker, in turns. Prints tokens per second of the
 * decode and the ratio of each round. Not a test; needs an otherwise idle machine.
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp CLASS_PATH \
 *     io.rackmark.engine.llamacpp.WorkerOverheadComparison CHECKPOINT_DIR MODEL.gguf [ROUNDS]
 * </pre>
 */
final class WorkerOverheadComparison {
    private static final List<Integer> PROMPT =
            IntStream.range(0, 64).map(i -> 300 + i).boxed().toList();
    private static final int TOKENS = 512;
    private static final LoadOptions LOAD = new LoadOptions(1024, 1, 1, "cpu");

    private WorkerOverheadComparison() {}

    public static void main(String[] args) throws Exception {
        ModelFiles files =
                new ModelFiles(
                        "compared",
                        Path.of(args[0]),
                        Path.of(args[1]),
                        ModelFormat.GGUF,
                        Precision.F16);
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
        List<Path> classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .toList();
        Path folder = Files.createTempDirectory("worker-overhead");
        try (TokenModel bare = Models.SHIPPED.engine(Map.of()).openTokenModel(files, LOAD);
                WorkerProcess worker =
                        WorkerLauncher.start(
                                WorkerSpec.of("llamacpp", classPath, Map.of(), folder))) {
            worker.open();
            worker.load(files, LOAD);
            double[] ratios = new double[rounds];
            for (int i = -2; i < rounds; i++) { // two rounds warm both sides up
                double loop = bareLoop(bare);
                double run = throughWorker(worker);
                if (i >= 0) {
                    ratios[i] = run / loop;
                    System.out.printf(
                            "round %d: bare %.1f | worker %.1f | %.3f%n",
                            i + 1, loop, run, run / loop);
                }
            }
            Arrays.sort(ratios);
            System.out.printf("median ratio: %.3f%n", ratios[rounds / 2]);
        }
    }

    /** Tokens per second. */
    private static double bareLoop(TokenModel model) {
        model.reset(0);
        int[] prompt = PROMPT.stream().mapToInt(Integer::intValue).toArray();
        int token = best(model.prefill(0, prompt, true, Models.NEVER));
        long[] times = new long[TOKENS];
        times[0] = System.nanoTime();
        for (int i = 1; i < TOKENS; i++) {
            token = best(model.decode(new int[] {0}, new int[] {token})[0]);
            times[i] = System.nanoTime();
        }
        return speed(times);
    }

    private static double throughWorker(WorkerProcess worker) {
        Generated generated =
                worker.generate(
                        new GenerationRequest(
                                new Prompt.Tokens(PROMPT),
                                Sampling.GREEDY,
                                TOKENS,
                                List.of(),
                                true),
                        null);
        return speed(generated.tokenNanos());
    }

    /** By the median gap, which a burst of other work on the machine does not move. */
    private static double speed(long[] times) {
        long[] gaps = new long[times.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = times[i + 1] - times[i];
        }
        Arrays.sort(gaps);
        return 1e9 / gaps[gaps.length / 2];
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
