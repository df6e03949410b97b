package io.rackmark.engine.llamacpp;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of llama.cpp's own speed the engine keeps: runs {@code llama-bench} and the engine in
 * turns, on the same library, file and work, and prints the ratio of each round and their median.
 * Not a test. Needs a directory made by {@code tools/llama-native/build.sh} and an otherwise idle
 * machine.
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp CLASS_PATH \
 *     io.rackmark.engine.llamacpp.LlamaBenchComparison LIB_DIR MODEL.gguf [ROUNDS [THREADS [REPEATS]]]
 * </pre>
 */
final class LlamaBenchComparison {
    private static final int PROMPT = 512;
    private static final int GENERATED = 128;
    private static final Pattern SPEED = Pattern.compile("\"avg_ts\": ([0-9.]+)");

    private final Path lib;
    private final Path model;
    private final int threads;
    private final int repeats; // of each measurement in a round
    private final Random random = new Random(7);

    /** Tokens per second, prefill and decode. */
    private record Speeds(double prefill, double decode) {
        Speeds best(Speeds other) {
            return new Speeds(Math.max(prefill, other.prefill), Math.max(decode, other.decode));
        }
    }

    private LlamaBenchComparison(Path lib, Path model, int threads, int repeats) {
        this.lib = lib;
        this.model = model;
        this.threads = threads;
        this.repeats = repeats;
    }

    public static void main(String[] args) throws Exception {
        LlamaBenchComparison comparison =
                new LlamaBenchComparison(
                        Path.of(args[0]), Path.of(args[1]), number(args, 3, 1), number(args, 4, 3));
        comparison.run(number(args, 2, 7));
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    private void run(int rounds) throws IOException, InterruptedException {
        LlamaEngine engine =
                Models.SHIPPED.engine(
                        Map.of("lib", lib.toString(), "batch", "2048", "kv-type", "f16"));
        double[] prefill = new double[rounds];
        double[] decode = new double[rounds];
        Speeds theirBest = new Speeds(0, 0);
        Speeds ourBest = theirBest;
        System.out.printf("llama-bench | engine | ratio, in tokens per second%n");
        try (TokenModel prefiller = open(engine, PROMPT);
                TokenModel decoder = open(engine, GENERATED)) {
            engine(prefiller, decoder); // warms up the JVM as llama-bench warms up itself
            for (int i = 0; i < rounds; i++) {
                Speeds theirs = llamaBench();
                Speeds ours = engine(prefiller, decoder);
                prefill[i] = ours.prefill() / theirs.prefill();
                decode[i] = ours.decode() / theirs.decode();
                theirBest = theirBest.best(theirs);
                ourBest = ourBest.best(ours);
                System.out.printf(
                        "round %d: pp%d %.1f | %.1f | %.3f   tg%d %.2f | %.2f | %.3f%n",
                        i + 1,
                        PROMPT,
                        theirs.prefill(),
                        ours.prefill(),
                        prefill[i],
                        GENERATED,
                        theirs.decode(),
                        ours.decode(),
                        decode[i]);
            }
        }
        System.out.printf(
                "median ratio: pp%d %.3f   tg%d %.3f%n",
                PROMPT, median(prefill), GENERATED, median(decode));
        System.out.printf(
                "ratio of the best rounds, which other load disturbs least: pp%d %.3f   tg%d"
                        + " %.3f%n",
                PROMPT,
                ourBest.prefill() / theirBest.prefill(),
                GENERATED,
                ourBest.decode() / theirBest.decode());
    }

    private TokenModel open(LlamaEngine engine, int context) {
        return engine.openTokenModel(
                Models.files(model), new LoadOptions(context, 1, threads, "cpu"));
    }

    private Speeds llamaBench() throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        lib.resolve("llama-bench").toString(),
                        "-m",
                        model.toString(),
                        "-p",
                        String.valueOf(PROMPT),
                        "-n",
                        String.valueOf(GENERATED),
                        "-t",
                        String.valueOf(threads),
                        "-r",
                        String.valueOf(repeats),
                        "-o",
                        "json");
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher matcher = SPEED.matcher(json);
        return new Speeds(next(matcher, json), next(matcher, json));
    }

    private static double next(Matcher matcher, String json) {
        if (!matcher.find()) {
            throw new IllegalStateException("llama-bench printed no avg_ts: " + json);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private Speeds engine(TokenModel prefiller, TokenModel decoder) {
        double prefill = 0;
        double decode = 0;
        for (int i = 0; i <= repeats; i++) {
            double prefillSpeed = PROMPT / prefillSeconds(prefiller);
            double decodeSpeed = GENERATED / decodeSeconds(decoder);
            // llama-bench, too, leaves its first run out.
            if (i > 0) {
                prefill += prefillSpeed / repeats;
                decode += decodeSpeed / repeats;
            }
        }
        return new Speeds(prefill, decode);
    }

    private double prefillSeconds(TokenModel model) {
        int[] tokens = random.ints(PROMPT, 0, model.shape().vocabulary()).toArray();
        model.reset(0);
        long start = System.nanoTime();
        model.prefill(0, tokens, true, Models.NEVER);
        return (System.nanoTime() - start) / 1e9;
    }

    private double decodeSeconds(TokenModel model) {
        int[] tokens = random.ints(GENERATED, 0, model.shape().vocabulary()).toArray();
        model.reset(0);
        int[] slot = {0};
        int[] token = new int[1];
        long start = System.nanoTime();
        for (int next : tokens) {
            token[0] = next;
            model.decode(slot, token);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
