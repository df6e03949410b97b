package io.rackmark.runner.plan;

import io.rackmark.runner.result.SpeedCase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The speed workload: real text of fixed lengths in, fixed numbers of tokens out. Every prompt
 * length is measured with every depth, output length and concurrency; the first of each make the
 * base case, which the first request and the warm-ups have, too.
 *
 * @param repeats fresh processes per system
 * @param promptTokens prompt lengths, in tokens
 * @param outputTokens tokens generated per request
 * @param requests measured rounds of each case per process
 * @param warmUps unmeasured requests per process, after the first one; the most, if they end when
 *     the system is steady
 * @param depths tokens in the KV cache before the prompt
 * @param concurrency streams at a time
 * @param steadyPercent the warm-ups end when the last times per token differ by no more; 0: after a
 *     fixed number
 */
public record SpeedPlan(
        int repeats,
        List<Integer> promptTokens,
        List<Integer> outputTokens,
        int requests,
        int warmUps,
        List<Integer> depths,
        List<Integer> concurrency,
        int steadyPercent) {

    public SpeedPlan {
        promptTokens = List.copyOf(promptTokens);
        outputTokens = List.copyOf(outputTokens);
        // Plans stored before there were depths and concurrency have neither.
        depths = List.copyOf(Objects.requireNonNullElse(depths, List.of(0)));
        concurrency = List.copyOf(Objects.requireNonNullElse(concurrency, List.of(1)));
    }

    /** One stream on an empty cache, after a fixed number of warm-ups. */
    public SpeedPlan(int repeats, int promptTokens, int outputTokens, int requests, int warmUps) {
        this(
                repeats,
                List.of(promptTokens),
                List.of(outputTokens),
                requests,
                warmUps,
                List.of(0),
                List.of(1),
                0);
    }

    /** The same in another number of processes. */
    public SpeedPlan withRepeats(int other) {
        return new SpeedPlan(
                other,
                promptTokens,
                outputTokens,
                requests,
                warmUps,
                depths,
                concurrency,
                steadyPercent);
    }

    /** All cases, the base case first. */
    public List<SpeedCase> cases() {
        List<SpeedCase> cases = new ArrayList<>();
        for (int streams : concurrency) {
            for (int depth : depths) {
                for (int prompt : promptTokens) {
                    for (int output : outputTokens) {
                        cases.add(new SpeedCase(prompt, depth, output, streams));
                    }
                }
            }
        }
        return cases;
    }

    public SpeedCase baseCase() {
        return cases().getFirst();
    }

    /** Slots that the largest case needs. */
    public int slots() {
        return concurrency.stream().max(Comparator.naturalOrder()).orElse(1);
    }
}
