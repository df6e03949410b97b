package io.rackmark.runner.agent;

import io.rackmark.engine.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks again when a request is refused for now, and keeps the time that this takes apart. */
final class PatientModel {
    private final ChatModel model;
    private final AgentSettings settings;
    private final AgentTime time;
    private final RandomGenerator random;

    PatientModel(ChatModel model, AgentSettings settings, AgentTime time, RandomGenerator random) {
        this.model = model;
        this.settings = settings;
        this.time = time;
        this.random = random;
    }

    /**
     * The end of one request and of the refused ones before it. Exactly one of reply and failure is
     * set.
     *
     * @param refused ids of the raw records of refused requests
     * @param refusals requests refused, the last failure included when it is one
     * @param modelNanos inside the request that was answered or failed for good
     * @param backoffNanos refused requests and the waits after them
     * @param pacedNanos held back before sending, in none of the other times
     */
    record Result(
            ChatModel.@Nullable Reply reply,
            @Nullable ChatFailure failure,
            List<String> refused,
            int refusals,
            long modelNanos,
            long backoffNanos,
            long pacedNanos) {}

    Result chat(List<Message> messages) {
        List<String> refused = new ArrayList<>();
        long backoffNanos = 0;
        long pacedNanos = 0;
        for (int refusals = 0; ; ) {
            pacedNanos += model.pace(messages, settings.maxTokens());
            long start = time.nanoTime();
            try {
                ChatModel.Reply reply = model.chat(messages, settings.maxTokens());
                long nanos = time.nanoTime() - start;
                return new Result(reply, null, refused, refusals, nanos, backoffNanos, pacedNanos);
            } catch (ChatFailure failure) {
                if (!failure.passes()) {
                    long nanos = time.nanoTime() - start;
                    return new Result(
                            null, failure, refused, refusals, nanos, backoffNanos, pacedNanos);
                }
                refusals++;
                Optional.ofNullable(failure.timeline()).ifPresent(refused::add);
                Optional<Duration> wait = settings.backoff().waitAfter(failure, refusals, random);
                boolean waited = wait.isPresent() && slept(wait.get());
                backoffNanos += time.nanoTime() - start;
                if (!waited) {
                    return new Result(
                            null, failure, refused, refusals, 0, backoffNanos, pacedNanos);
                }
            }
        }
    }

    /** False when the wait was interrupted, which ends the question and leaves the flag set. */
    private boolean slept(Duration wait) {
        try {
            time.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
