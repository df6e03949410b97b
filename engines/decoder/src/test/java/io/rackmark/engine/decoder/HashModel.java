package io.rackmark.engine.decoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A model whose logits are a hash of the sequence in the slot alone, so that any mix-up of slots or
 * order shows. Records its calls.
 */
final class HashModel implements TokenModel {
    static final int VOCABULARY = 3840;

    private final TokenModelShape shape;
    private final List<List<Integer>> sequences = new ArrayList<>();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile Runnable beforeDecode = () -> {};
    volatile Runnable beforePrefill = () -> {};
    volatile boolean broken;
    final AtomicInteger closes = new AtomicInteger();

    HashModel(int contextTokens, int slots, int prefillChunk) {
        this(VOCABULARY, contextTokens, slots, prefillChunk);
    }

    HashModel(int vocabulary, int contextTokens, int slots, int prefillChunk) {
        shape = new TokenModelShape(vocabulary, contextTokens, slots, prefillChunk, -1, List.of());
        for (int i = 0; i < slots; i++) {
            sequences.add(new ArrayList<>());
        }
    }

    @Override
    public TokenModelShape shape() {
        return shape;
    }

    @Override
    public float[] prefill(int slot, int[] tokens, boolean last, BooleanSupplier cancelled) {
        beforePrefill.run();
        calls.add("prefill " + slot + " of " + tokens.length);
        append(slot, tokens);
        return last ? logits(slot) : new float[0];
    }

    @Override
    public float[][] decode(int[] slots, int[] tokens) {
        beforeDecode.run();
        calls.add("decode " + slots.length);
        float[][] logits = new float[slots.length][];
        for (int i = 0; i < slots.length; i++) {
            append(slots[i], new int[] {tokens[i]});
            logits[i] = logits(slots[i]);
        }
        return logits;
    }

    @Override
    public void reset(int slot) {
        sequences.get(slot).clear();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    private void append(int slot, int[] tokens) {
        List<Integer> sequence = sequences.get(slot);
        for (int token : tokens) {
            sequence.add(token);
        }
        if (sequence.size() > shape.contextTokens()) {
            throw new AssertionError("slot %d holds %d tokens".formatted(slot, sequence.size()));
        }
    }

    private float[] logits(int slot) {
        SplittableRandom random = new SplittableRandom(sequences.get(slot).hashCode());
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) random.nextDouble(-8, 8);
        }
        if (broken) {
            logits[17] = Float.NaN;
        }
        return logits;
    }
}
