package io.rackmark.runner.plan;

/**
 * The speed workload: real text of a fixed length in, a fixed number of tokens out.
 *
 * @param repeats fresh processes per system
 * @param promptTokens prompt length, in tokens
 * @param outputTokens tokens generated per request
 * @param requests measured requests per process
 * @param warmUps unmeasured requests per process, after the first one
 */
public record SpeedPlan(
        int repeats, int promptTokens, int outputTokens, int requests, int warmUps) {}
