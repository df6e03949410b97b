package io.rackmark.engine.worker;

import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.TokenLogprobs;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stamps each token of one request. Nothing is allocated or written per token unless text is asked
 * for; the arrays are made before the request starts.
 */
final class TokenRecorder implements GenerationListener {
    private final long[] tokenNanos; // [capacity]
    private final int[] tokenIds; // [capacity]
    private final @Nullable Consumer<TextDelta> textDeltas;
    private final AtomicBoolean cancelled;
    private List<TokenLogprobs> logprobs = List.of();
    // Written by the generating thread alone, read by the progress timer.
    private volatile int count;

    /**
     * @param capacity most tokens
     * @param cancelled set when the request is to end early
     * @param textDeltas told each piece of text; null when nobody wants it
     */
    TokenRecorder(int capacity, AtomicBoolean cancelled, @Nullable Consumer<TextDelta> textDeltas) {
        this.cancelled = cancelled;
        this.tokenNanos = new long[capacity];
        this.tokenIds = new int[capacity];
        this.textDeltas = textDeltas;
    }

    @Override
    public void onToken(int token, String text) {
        long now = System.nanoTime();
        int index = count;
        if (index < tokenNanos.length) {
            tokenNanos[index] = now;
            tokenIds[index] = token;
        }
        count = index + 1;
        if (textDeltas != null && !text.isEmpty()) {
            textDeltas.accept(new TextDelta(text, logprobs));
            logprobs = List.of();
        }
    }

    @Override
    public void onLogprobs(List<TokenLogprobs> tokens) {
        logprobs = tokens;
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }

    /** Tokens so far. */
    int count() {
        return count;
    }

    Generated finish(Completion completion, long sentNanos, CollectorPauses.Window pauses) {
        int tokens = count;
        if (tokens > tokenNanos.length) {
            throw new EngineException(
                    EngineException.Kind.INTERNAL,
                    "the engine reported %d tokens where at most %d were possible"
                            .formatted(tokens, tokenNanos.length));
        }
        return new Generated(
                completion,
                sentNanos,
                Arrays.copyOf(tokenNanos, tokens),
                Arrays.copyOf(tokenIds, tokens),
                pauses.totalNanos(),
                pauses.maxNanos());
    }
}
