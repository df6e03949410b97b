package io.rackmark.engine.pytorch;

import ai.djl.pytorch.jni.JniUtils;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a {@link Network}. Every argument is checked here: libtorch looks at no index in a
 * cache before it writes.
 */
final class TorchTokenModel implements TokenModel {
    private static final float[] NO_LOGITS = {};

    private final Network network;
    private final TokenModelShape shape;
    private final int threads;
    private final int[] lengths; // [slots], tokens in each sequence
    private final float[][] rows; // [slots][vocabulary], made when first needed
    private @Nullable Thread owner;
    private boolean closed;

    TorchTokenModel(Network network, TokenModelShape shape, int threads) {
        this.network = network;
        this.shape = shape;
        this.threads = threads;
        lengths = new int[shape.slots()];
        rows = new float[shape.slots()][];
    }

    @Override
    public TokenModelShape shape() {
        return shape;
    }

    @Override
    public float[] prefill(int slot, int[] tokens, boolean last, BooleanSupplier cancelled) {
        enter();
        if (tokens.length == 0) {
            throw new EngineException(Kind.BAD_REQUEST, "a prefill needs at least one token");
        }
        check(slot, tokens.length);
        for (int token : tokens) {
            check(token);
        }
        int chunk = shape.prefillChunk();
        float[] logits = NO_LOGITS;
        for (int from = 0; from < tokens.length; from += chunk) {
            if (cancelled.getAsBoolean()) {
                return NO_LOGITS;
            }
            int to = Math.min(tokens.length, from + chunk);
            logits =
                    append(slot, Arrays.copyOfRange(tokens, from, to), last && to == tokens.length);
        }
        return logits;
    }

    private float[] append(int slot, int[] ids, boolean last) {
        float[] logits = last ? row(0) : NO_LOGITS;
        Failures.guard(
                "the prefill of %d tokens".formatted(ids.length),
                () -> {
                    network.prefill(slot, lengths[slot], ids, last ? logits : null);
                    return true;
                });
        lengths[slot] += ids.length;
        return logits;
    }

    @Override
    public float[][] decode(int[] slots, int[] tokens) {
        enter();
        if (slots.length != tokens.length || slots.length > shape.slots() || slots.length == 0) {
            throw new IllegalArgumentException(
                    "%d slots and %d tokens: need as many of both, 1 to %d"
                            .formatted(slots.length, tokens.length, shape.slots()));
        }
        int[] starts = new int[slots.length];
        for (int i = 0; i < slots.length; i++) {
            check(slots[i], 1);
            check(tokens[i]);
            for (int j = 0; j < i; j++) {
                if (slots[j] == slots[i]) {
                    throw new IllegalArgumentException("slot " + slots[i] + " given twice");
                }
            }
            starts[i] = lengths[slots[i]];
            row(i);
        }
        Failures.guard(
                "decoding %d sequences".formatted(slots.length),
                () -> {
                    network.decode(slots, starts, tokens, rows);
                    return true;
                });
        for (int slot : slots) {
            lengths[slot]++;
        }
        return Arrays.copyOf(rows, slots.length);
    }

    private float[] row(int index) {
        if (rows[index] == null) {
            rows[index] = new float[shape.vocabulary()];
        }
        return rows[index];
    }

    /** What is behind a sequence's length is never read. */
    @Override
    public void reset(int slot) {
        enter();
        check(slot, 0);
        lengths[slot] = 0;
    }

    private void check(int slot, int added) {
        if (slot < 0 || slot >= shape.slots()) {
            throw new IllegalArgumentException(
                    "slot %d outside [0, %d)".formatted(slot, shape.slots()));
        }
        if ((long) lengths[slot] + added > shape.contextTokens()) {
            throw new EngineException(
                    Kind.CONTEXT_OVERFLOW,
                    "slot %d holds %d tokens and gets %d more, its context is %d"
                            .formatted(slot, lengths[slot], added, shape.contextTokens()));
        }
    }

    private void check(int token) {
        if (token < 0 || token >= shape.vocabulary()) {
            throw new EngineException(
                    Kind.BAD_REQUEST,
                    "token id %d is outside the model's vocabulary [0, %d)"
                            .formatted(token, shape.vocabulary()));
        }
    }

    /** libtorch keeps the optimiser's state and a team of threads for each calling thread. */
    private void enter() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        Thread caller = Thread.currentThread();
        if (owner == null) {
            owner = caller;
            ready(threads);
        } else if (owner != caller) {
            throw new IllegalStateException(
                    "the model belongs to thread '%s', called from '%s'"
                            .formatted(owner.getName(), caller.getName()));
        }
    }

    /**
     * Readies the calling thread. The profiling executor gains nothing here, makes the first steps
     * slow and was seen to merge equal tensors that are written to.
     */
    static void ready(int threads) {
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(false);
        JniUtils.setNumThreads(threads);
    }

    /** Must not run together with another call; from any thread. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.close();
        }
    }
}
