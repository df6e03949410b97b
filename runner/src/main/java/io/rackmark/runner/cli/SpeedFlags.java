package io.rackmark.runner.cli;

import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.SpeedPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the speed workload; each overrides its plan key. */
final class SpeedFlags {
    @Option(
            names = "--prompt-tokens",
            split = ",",
            paramLabel = "N",
            description =
                    "prompt lengths (default: "
                            + Defaults.PROMPT_TOKENS
                            + ", in the default run "
                            + Defaults.SHORT_PROMPT_TOKENS
                            + "; plan: speed.prompt-tokens)")
    private List<Integer> promptTokens = List.of();

    @Option(
            names = "--output-tokens",
            split = ",",
            paramLabel = "N",
            description =
                    "tokens generated per request (default: "
                            + Defaults.OUTPUT_TOKENS
                            + ", in the default run "
                            + Defaults.SHORT_OUTPUT_TOKENS
                            + "; plan: speed.output-tokens)")
    private List<Integer> outputTokens = List.of();

    @Option(
            names = "--depth",
            split = ",",
            paramLabel = "N",
            description = "tokens in the KV cache before the prompt (plan: speed.depth)")
    private List<Integer> depths = List.of();

    @Option(
            names = "--concurrency",
            split = ",",
            paramLabel = "N",
            description =
                    "streams, or users of agent, at a time (plan: speed.concurrency,"
                            + " agent.concurrency)")
    private List<Integer> concurrency = List.of();

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "measured rounds of each case per process (plan: speed.requests)")
    private @Nullable Integer requests;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            description = "most unmeasured requests per process (plan: speed.warm-ups)")
    private @Nullable Integer warmUps;

    @Option(
            names = "--steady-percent",
            paramLabel = "N",
            description =
                    "warm-ups end when the last three times per token differ by no more; 0: after"
                            + " --warm-ups (plan: speed.steady-percent)")
    private @Nullable Integer steadyPercent;

    /** Streams at a time, or none. */
    List<Integer> concurrency() {
        return concurrency;
    }

    SpeedPlan override(SpeedPlan plan, @Nullable Integer repeats) {
        return new SpeedPlan(
                repeats == null ? plan.repeats() : repeats,
                promptTokens.isEmpty() ? plan.promptTokens() : promptTokens,
                outputTokens.isEmpty() ? plan.outputTokens() : outputTokens,
                requests == null ? plan.requests() : requests,
                warmUps == null ? plan.warmUps() : warmUps,
                depths.isEmpty() ? plan.depths() : depths,
                concurrency.isEmpty() ? plan.concurrency() : concurrency,
                steadyPercent == null ? plan.steadyPercent() : steadyPercent);
    }
}
