package io.rackmark.runner.cli;

import io.rackmark.runner.plan.SpeedPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the speed workload; each overrides its plan key. */
final class SpeedFlags {
    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            description = "prompt length (plan: speed.prompt-tokens)")
    private @Nullable Integer promptTokens;

    @Option(
            names = "--output-tokens",
            paramLabel = "N",
            description = "tokens generated per request (plan: speed.output-tokens)")
    private @Nullable Integer outputTokens;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "measured requests per process (plan: speed.requests)")
    private @Nullable Integer requests;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            description = "unmeasured requests per process (plan: speed.warm-ups)")
    private @Nullable Integer warmUps;

    SpeedPlan override(SpeedPlan plan, @Nullable Integer repeats) {
        return new SpeedPlan(
                repeats == null ? plan.repeats() : repeats,
                promptTokens == null ? plan.promptTokens() : promptTokens,
                outputTokens == null ? plan.outputTokens() : outputTokens,
                requests == null ? plan.requests() : requests,
                warmUps == null ? plan.warmUps() : warmUps);
    }
}
