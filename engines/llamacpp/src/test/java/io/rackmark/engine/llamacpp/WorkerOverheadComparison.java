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
    private static final int TOKENS = 128;
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
        // A worker holds one engine; the test kit's jar brings another.
        List<Path> classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("testkit"))
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
            double[] shares = new double[rounds];
            for (int i = -2; i < rounds; i++) { // two rounds warm both sides up
                boolean bareFirst =
                        Math.floorMod(i, 2) == 0; // a machine's drift hits both sides alike
                double before = bareFirst ? speed(bareLoop(bare)) : 0;
                Generated generated = throughWorker(worker);
                double loop = bareFirst ? before : speed(bareLoop(bare));
                double run = speed(generated.tokenNanos());
                if (i >= 0) {
                    ratios[i] = run / loop;
                    shares[i] = engineShare(generated);
                    System.out.printf(
                            "round %d: bare %.1f | worker %.1f | %.3f%n",
                            i + 1, loop, run, run / loop);
                }
            }
            Arrays.sort(ratios);
            System.out.printf("median ratio: %.3f%n", ratios[rounds / 2]);
            Arrays.sort(shares);
            System.out.printf(
                    "time inside the engine, of all time between tokens: median %.4f%n",
                    shares[rounds / 2]);
        }
    }

    /** When each token was there, in nanoseconds. */
    private static long[] bareLoop(TokenModel model) {
        model.reset(0);
        int[] prompt = PROMPT.stream().mapToInt(Integer::intValue).toArray();
        int token = best(model.prefill(0, prompt, true, Models.NEVER));
        long[] times = new long[TOKENS];
        times[0] = System.nanoTime();
        for (int i = 1; i < TOKENS; i++) {
            token = best(model.decode(new int[] {0}, new int[] {token})[0]);
            times[i] = System.nanoTime();
        }
        return times;
    }

    private static Generated throughWorker(WorkerProcess worker) {
        return worker.generate(
                new GenerationRequest(
                        new Prompt.Tokens(PROMPT), Sampling.GREEDY, TOKENS, List.of(), true),
                null);
    }

    /** What is left of the time between tokens when sampler, detokeniser and clock are paid. */
    private static double engineShare(Generated generated) {
        long[] times = generated.tokenNanos();
        return generated.completion().phases().decodeNanos()
                / (double) (times[times.length - 1] - times[0]);
    }

    /** Tokens per second by the median gap, which a burst of other work does not move. */
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
