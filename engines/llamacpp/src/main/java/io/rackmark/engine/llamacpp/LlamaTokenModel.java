package io.rackmark.engine.llamacpp;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One llama_context; a slot is a sequence of its KV cache. llama.cpp ends the process on most wrong
 * arguments and accepts others silently, so every argument is checked here.
 */
final class LlamaTokenModel implements TokenModel {
    private static final float[] NO_LOGITS = {};

    /** {@code llama_decode} found no room for the batch in the KV cache. */
    private static final int NO_ROOM = 1;

    private static final int ABORTED = 2;

    private static final int FAILED = -3;
    private static final String NO_ROOM_MESSAGE = "failed to prepare ubatch";

    private final LlamaLibrary library;
    private final LlamaFunctions functions;
    private final NativeModel model;
    private final TokenModelShape shape;
    private final Arena arena = Arena.ofShared();
    private final LlamaBatch batch;
    private final AbortFlag abortFlag = new AbortFlag(arena);
    private final int[] lengths; // [slots], tokens in each sequence
    private final float[][] rows; // [slots][vocabulary], made when first needed
    private @Nullable Thread owner;
    private int lastEntry; // of the last batch, asked for logits
    private boolean closed;

    /**
     * @param chunk most tokens in one llama_decode; no more than are computed at once, since a
     *     batch in several parts that finds no room for a later one hits the fault of {@link
     *     #isAloneInCache}
     */
    LlamaTokenModel(LlamaLibrary library, NativeModel model, TokenModelShape shape, int chunk) {
        this.library = library;
        this.functions = library.functions();
        this.model = model;
        this.shape = shape;
        batch = new LlamaBatch(arena, chunk);
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
            throw new EngineException(
                    EngineException.Kind.BAD_REQUEST, "a prefill needs at least one token");
        }
        check(slot, tokens.length);
        for (int token : tokens) {
            check(token);
        }
        abortFlag.watch(cancelled);
        boolean abortable = library.kvCache().abortSparesOtherSequences() || isAloneInCache(slot);
        if (abortable) {
            functions.setAbort.run(model.context(), abortFlag.callback(), MemorySegment.NULL);
        }
        try {
            for (int from = 0; from < tokens.length; from += batch.capacity()) {
                int to = Math.min(tokens.length, from + batch.capacity());
                if (cancelled.getAsBoolean()
                        || !append(slot, tokens, from, to, last && to == tokens.length)) {
                    return NO_LOGITS;
                }
            }
        } finally {
            // Only a prefill is long enough to be worth one call per graph node.
            if (abortable) {
                functions.setAbort.run(model.context(), MemorySegment.NULL, MemorySegment.NULL);
            }
        }
        return last ? row(0, lastEntry) : NO_LOGITS;
    }

    /** Where an abort would hurt other slots, cancelling beside them waits for the chunk's end. */
    private boolean isAloneInCache(int slot) {
        for (int i = 0; i < lengths.length; i++) {
            if (i != slot && lengths[i] > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the tokens were computed; false when cancelled. */
    private boolean append(int slot, int[] tokens, int from, int to, boolean logits) {
        int status = compute(slot, tokens, from, to, logits);
        if (foundNoRoom(status) && to - from > 1) {
            library.kvCache().defragment(model.context());
            status = compute(slot, tokens, from, to, logits);
        }
        if (foundNoRoom(status) && to - from > 1) {
            // One defragmentation moves a bounded number of cells. A single token always fits.
            int middle = (from + to) >>> 1;
            return append(slot, tokens, from, middle, false)
                    && append(slot, tokens, middle, to, logits);
        }
        abortFlag.rethrow();
        if (status != 0 && status != ABORTED) {
            throw failure(status, to - from);
        }
        return status == 0;
    }

    private int compute(int slot, int[] tokens, int from, int to, boolean logits) {
        batch.clear();
        for (int i = from; i < to; i++) {
            batch.add(tokens[i], lengths[slot] + i - from, slot, logits && i == to - 1);
        }
        int status = functions.decode(model.context(), batch.struct());
        if (status == 0) {
            lengths[slot] += to - from;
            lastEntry = to - from - 1;
        }
        return status;
    }

    @Override
    public float[][] decode(int[] slots, int[] tokens) {
        enter();
        if (slots.length != tokens.length || slots.length > shape.slots() || slots.length == 0) {
            throw new IllegalArgumentException(
                    "%d slots and %d tokens: need as many of both, 1 to %d"
                            .formatted(slots.length, tokens.length, shape.slots()));
        }
        int[] order = bySlot(slots);
        batch.clear();
        for (int i : order) {
            check(slots[i], 1);
            check(tokens[i]);
            batch.add(tokens[i], lengths[slots[i]], slots[i], true);
        }
        int status = functions.decode(model.context(), batch.struct());
        if (foundNoRoom(status)) {
            decodeEach(slots, tokens);
        } else if (status != 0) {
            throw failure(status, slots.length);
        } else {
            for (int entry = 0; entry < order.length; entry++) {
                lengths[slots[order[entry]]]++;
                row(order[entry], entry);
            }
        }
        return Arrays.copyOf(rows, slots.length);
    }

    /**
     * Places in {@code slots} in ascending order of the slot, the only order in which recent tags
     * compute several sequences at once (llama_batch_allocr::split_equal).
     */
    private static int[] bySlot(int[] slots) {
        int[] order = new int[slots.length];
        for (int i = 0; i < slots.length; i++) {
            int to = i;
            for (; to > 0 && slots[order[to - 1]] >= slots[i]; to--) {
                if (slots[order[to - 1]] == slots[i]) {
                    throw new IllegalArgumentException("slot " + slots[i] + " given twice");
                }
                order[to] = order[to - 1];
            }
            order[to] = i;
        }
        return order;
    }

    /** One batch per slot: a single token finds a cell wherever one is free. */
    private void decodeEach(int[] slots, int[] tokens) {
        for (int i = 0; i < slots.length; i++) {
            append(slots[i], new int[] {tokens[i]}, 0, 1, true);
            row(i, 0);
        }
    }

    /**
     * Whether the cache, which takes a batch only as one run of cells, has cells enough but broken
     * up by other slots. b4916 answers the same for a failed computation, hence the look at the
     * log.
     */
    private boolean foundNoRoom(int status) {
        return status == NO_ROOM || (status == FAILED && model.justLogged(NO_ROOM_MESSAGE));
    }

    private float[] row(int index, int entry) {
        MemorySegment logits = functions.logits(model.context(), entry);
        if (logits.address() == 0) {
            throw new EngineException(
                    EngineException.Kind.INTERNAL, "llama.cpp has no logits for entry " + entry);
        }
        if (rows[index] == null) {
            rows[index] = new float[shape.vocabulary()];
        }
        MemorySegment.copy(
                logits.reinterpret((long) shape.vocabulary() * Float.BYTES),
                JAVA_FLOAT,
                0,
                rows[index],
                0,
                shape.vocabulary());
        return rows[index];
    }

    @Override
    public void reset(int slot) {
        enter();
        check(slot, 0);
        library.kvCache().clear(model.context(), slot);
        lengths[slot] = 0;
    }

    private void check(int slot, int added) {
        if (slot < 0 || slot >= shape.slots()) {
            throw new IllegalArgumentException(
                    "slot %d outside [0, %d)".formatted(slot, shape.slots()));
        }
        if ((long) lengths[slot] + added > shape.contextTokens()) {
            throw new EngineException(
                    EngineException.Kind.CONTEXT_OVERFLOW,
                    "slot %d holds %d tokens and gets %d more, its context is %d"
                            .formatted(slot, lengths[slot], added, shape.contextTokens()));
        }
    }

    private void check(int token) {
        if (token < 0 || token >= shape.vocabulary()) {
            throw new EngineException(
                    EngineException.Kind.BAD_REQUEST,
                    "token id %d is outside the model's vocabulary [0, %d)"
                            .formatted(token, shape.vocabulary()));
        }
    }

    /** Each calling thread would start an OpenMP team of its own, and a context takes only one. */
    private void enter() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
        Thread caller = Thread.currentThread();
        if (owner == null) {
            owner = caller;
        } else if (owner != caller) {
            throw new IllegalStateException(
                    "the model belongs to thread '%s', called from '%s'"
                            .formatted(owner.getName(), caller.getName()));
        }
    }

    private EngineException failure(int status, int tokens) {
        return new EngineException(
                status == -2 ? EngineException.Kind.OUT_OF_MEMORY : EngineException.Kind.INTERNAL,
                "llama_decode of %d tokens answered %d: %s"
                        .formatted(tokens, status, model.lastWords()));
    }

    /** Must not run together with another call; from any thread. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            model.close();
            arena.close();
        }
    }
}
