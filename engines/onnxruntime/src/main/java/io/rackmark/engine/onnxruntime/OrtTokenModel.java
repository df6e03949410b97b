package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.engine.decoder.TokenModelShape;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** A loaded graph and the sequences of its slots; every argument is checked here. */
final class OrtTokenModel implements TokenModel {
    private static final float[] NO_LOGITS = {};

    private final OrtModel model;
    private final Sequences sequences;
    private final TokenModelShape shape;
    private final float[][] rows; // [slots][vocabulary]
    private boolean closed;

    /** Takes ownership of model and sequences. */
    OrtTokenModel(OrtModel model, Sequences sequences, TokenModelShape shape) {
        this.model = model;
        this.sequences = sequences;
        this.shape = shape;
        rows = new float[shape.slots()][shape.vocabulary()];
    }

    @Override
    public TokenModelShape shape() {
        return shape;
    }

    @Override
    public float[] prefill(int slot, int[] tokens, boolean last, BooleanSupplier cancelled) {
        requireOpen();
        if (tokens.length == 0) {
            throw new EngineException(Kind.BAD_REQUEST, "a prefill needs at least one token");
        }
        check(slot, tokens.length);
        for (int token : tokens) {
            check(token);
        }
        for (int from = 0; from < tokens.length; from += shape.prefillChunk()) {
            if (cancelled.getAsBoolean()) {
                return NO_LOGITS;
            }
            int to = Math.min(tokens.length, from + shape.prefillChunk());
            boolean wanted = last && to == tokens.length;
            append(slot, Arrays.copyOfRange(tokens, from, to), wanted ? rows[0] : NO_LOGITS);
        }
        return last ? rows[0] : NO_LOGITS;
    }

    private void append(int slot, int[] tokens, float[] logits) {
        try {
            sequences.append(slot, tokens, logits);
        } catch (OrtException e) {
            throw OrtFailures.of(
                    Kind.INTERNAL, "failed at a prefill of %d tokens".formatted(tokens.length), e);
        }
    }

    @Override
    public float[][] decode(int[] slots, int[] tokens) {
        requireOpen();
        if (slots.length != tokens.length || slots.length > shape.slots() || slots.length == 0) {
            throw new IllegalArgumentException(
                    "%d slots and %d tokens: need as many of both, 1 to %d"
                            .formatted(slots.length, tokens.length, shape.slots()));
        }
        for (int i = 0; i < slots.length; i++) {
            check(slots[i], 1);
            check(tokens[i]);
            for (int j = 0; j < i; j++) {
                if (slots[j] == slots[i]) {
                    throw new IllegalArgumentException("slot " + slots[i] + " given twice");
                }
            }
        }
        float[][] logits = Arrays.copyOf(rows, slots.length);
        try {
            sequences.appendEach(slots, tokens, logits);
        } catch (OrtException e) {
            throw OrtFailures.of(
                    Kind.INTERNAL, "failed at a step of %d sequences".formatted(slots.length), e);
        }
        return logits;
    }

    @Override
    public void reset(int slot) {
        requireOpen();
        check(slot, 0);
        sequences.reset(slot);
    }

    private void check(int slot, int added) {
        if (slot < 0 || slot >= shape.slots()) {
            throw new IllegalArgumentException(
                    "slot %d outside [0, %d)".formatted(slot, shape.slots()));
        }
        if ((long) sequences.length(slot) + added > shape.contextTokens()) {
            throw new EngineException(
                    Kind.CONTEXT_OVERFLOW,
                    "slot %d holds %d tokens and gets %d more, its context is %d"
                            .formatted(slot, sequences.length(slot), added, shape.contextTokens()));
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

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
    }

    /** Must not run together with another call. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sequences.close();
            model.close();
        }
    }
}
