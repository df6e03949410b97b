package io.rackmark.engine.decoder;

import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.TokenLogprobs;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One request on its way through the scheduler, whose thread alone changes it. */
final class Sequence {

    /** The caller's side: where events go and times are kept. */
    record Client(GenerationListener listener, Stopwatch watch) {}

    /**
     * What is put into the slot first.
     *
     * @param ids at least one
     * @param depth how many of them only fill the KV cache; at least one follows them
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Start(int[] ids, int depth) {}

    private final int[] prompt;
    private final int depth;
    private final int limit;
    private final Answer answer;
    private final GenerationListener listener;
    private final CountDownLatch done = new CountDownLatch(1);
    final Stopwatch watch;
    private int prefilled;
    private int token;
    private volatile boolean abandoned;
    private @Nullable Finish finish;
    private @Nullable Failure failure;

    /**
     * @param limit most tokens to generate
     */
    Sequence(Start start, int limit, Answer answer, Client client) {
        this.prompt = start.ids();
        this.depth = start.depth();
        this.limit = limit;
        this.answer = answer;
        this.listener = client.listener();
        this.watch = client.watch();
    }

    /** The next tokens of the prompt, at most {@code most}, and never filling ones with others. */
    int[] nextChunk(int most) {
        int end = Math.min(filling() ? depth : prompt.length, prefilled + most);
        int[] chunk = java.util.Arrays.copyOfRange(prompt, prefilled, end);
        prefilled = end;
        return chunk;
    }

    /** Whether the next tokens only fill the KV cache. */
    boolean filling() {
        return prefilled < depth;
    }

    boolean promptDone() {
        return prefilled == prompt.length;
    }

    boolean cancelled() {
        return abandoned || listener.cancelled();
    }

    /** Chooses the next token from logits and tells the listener; true when that was the last. */
    boolean advance(float[] logits) {
        long start = System.nanoTime();
        int chosen = answer.choose(logits);
        long sampled = System.nanoTime();
        Finish end = answer.add(chosen, answer.tokens() + 1 == limit);
        watch.sample += sampled - start;
        watch.detokenize += System.nanoTime() - sampled;
        token = chosen;
        List<TokenLogprobs> logprobs = answer.logprobs();
        if (!logprobs.isEmpty()) {
            listener.onLogprobs(logprobs);
        }
        listener.onToken(chosen, answer.added());
        finish = end;
        return end != null;
    }

    /** The latest token, not yet given to the model. */
    int token() {
        return token;
    }

    void cancel() {
        finish = Finish.CANCELLED;
    }

    void fail(Failure reason) {
        failure = reason;
    }

    /** Lets the caller go on. */
    void release() {
        done.countDown();
    }

    /** Waits for the end; an interrupted caller cancels its request. */
    void await() {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                abandoned = true;
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure.exception();
        }
    }

    /** Why the finished sequence ended. */
    Finish finish() {
        if (finish == null) {
            throw new EngineException(
                    EngineException.Kind.INTERNAL, "the request was released before its end");
        }
        return finish;
    }
}
