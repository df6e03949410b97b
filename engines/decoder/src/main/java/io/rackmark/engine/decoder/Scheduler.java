package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Continuous batching on one thread, which alone calls the model. Requests wait in order of arrival
 * for a slot. Each turn prefills at most one chunk of one prompt, the oldest, and then decodes one
 * token for every sequence whose prompt is done.
 */
final class Scheduler implements AutoCloseable {
    /** How often the waiting are asked whether they are cancelled; asking all costs time. */
    private static final long SWEEP_NANOS = 20_000_000;

    private final TokenModel model;
    private final int vocabulary;
    private final int prefillChunk;
    private final Queue<Sequence> waiting = new ConcurrentLinkedQueue<>();
    private final Deque<Slot> free = new ArrayDeque<>();
    private final Deque<Slot> prefilling = new ArrayDeque<>();
    private final List<Slot> running = new ArrayList<>();
    private final Object lock = new Object();
    private final Thread thread;
    private volatile boolean closing;
    private long sweptAt = System.nanoTime();
    private int[] slots = {};
    private int[] tokens = {};

    Scheduler(TokenModel model, String name) {
        TokenModelShape shape = model.shape();
        this.model = model;
        this.vocabulary = shape.vocabulary();
        this.prefillChunk = shape.prefillChunk();
        for (int i = 0; i < shape.slots(); i++) {
            free.add(new Slot(i));
        }
        thread = Thread.ofPlatform().daemon().name("decoder " + name).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** Waits for a slot and runs the sequence to its end, on the scheduler's thread. */
    void run(Sequence sequence) {
        sequence.watch.queuedAt = System.nanoTime();
        synchronized (lock) {
            if (closing) {
                throw new EngineException(
                        Kind.BAD_REQUEST, "the model is closed: load it again to generate");
            }
            waiting.add(sequence);
            lock.notifyAll();
        }
        sequence.await();
    }

    /** Cancels what runs and waits, then closes the model. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            while (!closing) {
                if (prefilling.isEmpty() && running.isEmpty() && waiting.isEmpty()) {
                    idle();
                }
                sweep();
                admit();
                prefillOldest();
                decodeAll();
            }
        } finally {
            end();
        }
    }

    private void idle() {
        synchronized (lock) {
            while (!closing && waiting.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    closing = true;
                }
            }
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        if (waiting.isEmpty() || now - sweptAt < SWEEP_NANOS) {
            return;
        }
        sweptAt = now;
        waiting.removeIf(
                sequence -> {
                    boolean cancelled = cancelled(sequence);
                    if (cancelled) {
                        sequence.watch.queue = now - sequence.watch.queuedAt;
                        sequence.release();
                    }
                    return cancelled;
                });
    }

    private void admit() {
        while (!free.isEmpty() && !waiting.isEmpty()) {
            Sequence next = waiting.remove();
            next.watch.queue = System.nanoTime() - next.watch.queuedAt;
            Slot slot = free.remove();
            slot.take(next);
            prefilling.add(slot);
        }
    }

    private void prefillOldest() {
        Slot slot = prefilling.peek();
        if (slot == null) {
            return;
        }
        Sequence sequence = slot.sequence();
        boolean over;
        try {
            over = cancelled(sequence) || prefill(slot, sequence);
        } catch (Throwable e) {
            sequence.fail(Failure.of("the prefill", e));
            over = true;
        }
        if (over) {
            prefilling.remove();
            free(slot);
        } else if (sequence.promptDone()) {
            running.add(prefilling.remove());
        }
    }

    private boolean prefill(Slot slot, Sequence sequence) {
        boolean filling = sequence.filling();
        int[] chunk = sequence.nextChunk(prefillChunk);
        boolean last = sequence.promptDone();
        long start = System.nanoTime();
        float[] logits = model.prefill(slot.index(), chunk, last, () -> cancelled(sequence));
        long nanos = System.nanoTime() - start;
        if (filling) {
            sequence.watch.fill += nanos;
        } else {
            sequence.watch.prefill += nanos;
        }
        if (cancelled(sequence)) {
            return true;
        }
        return last && sequence.advance(checked(logits));
    }

    private void decodeAll() {
        running.removeIf(
                slot -> {
                    boolean cancelled = stopIfCancelled(slot.sequence());
                    if (cancelled) {
                        free(slot);
                    }
                    return cancelled;
                });
        if (running.isEmpty()) {
            return;
        }
        float[][] logits;
        long nanos;
        try {
            fillBatch();
            long start = System.nanoTime();
            logits = model.decode(slots, tokens);
            nanos = System.nanoTime() - start;
            if (logits.length != slots.length) {
                throw new EngineException(
                        Kind.INTERNAL,
                        "the engine decoded %d of %d sequences"
                                .formatted(logits.length, slots.length));
            }
        } catch (Throwable e) {
            failAll(Failure.of("decoding", e));
            return;
        }
        advanceAll(logits, nanos);
    }

    private void fillBatch() {
        int count = running.size();
        if (slots.length != count) {
            slots = new int[count];
            tokens = new int[count];
        }
        for (int i = 0; i < count; i++) {
            Slot slot = running.get(i);
            slots[i] = slot.index();
            tokens[i] = slot.sequence().token();
        }
    }

    private void advanceAll(float[][] logits, long nanos) {
        boolean ended = false;
        boolean[] over = new boolean[logits.length];
        for (int i = 0; i < logits.length; i++) {
            Sequence sequence = running.get(i).sequence();
            sequence.watch.decode += nanos;
            over[i] = advance(sequence, logits[i]);
            ended |= over[i];
        }
        if (ended) {
            List<Slot> still = new ArrayList<>();
            for (int i = 0; i < over.length; i++) {
                if (over[i]) {
                    free(running.get(i));
                } else {
                    still.add(running.get(i));
                }
            }
            running.clear();
            running.addAll(still);
        }
    }

    private boolean advance(Sequence sequence, float[] logits) {
        try {
            return sequence.advance(checked(logits));
        } catch (Throwable e) {
            sequence.fail(Failure.of("choosing a token", e));
            return true;
        }
    }

    private float[] checked(float[] logits) {
        if (logits.length != vocabulary) {
            throw new EngineException(
                    Kind.INTERNAL,
                    "the engine gave %d logits for a vocabulary of %d"
                            .formatted(logits.length, vocabulary));
        }
        return logits;
    }

    private boolean stopIfCancelled(Sequence sequence) {
        try {
            return cancelled(sequence);
        } catch (RuntimeException | Error e) {
            sequence.fail(Failure.of("asking for cancellation", e));
            return true;
        }
    }

    private boolean cancelled(Sequence sequence) {
        boolean cancelled = closing || sequence.cancelled();
        if (cancelled) {
            sequence.cancel();
        }
        return cancelled;
    }

    private void failAll(Failure failure) {
        for (Slot slot : running) {
            slot.sequence().fail(failure);
            free(slot);
        }
        running.clear();
    }

    /** Empties the slot for the next sequence and lets the caller of this one go. */
    private void free(Slot slot) {
        Sequence sequence = slot.leave();
        try {
            model.reset(slot.index());
            free.add(slot);
        } catch (Throwable e) {
            // A slot that cannot be emptied is not used again; without slots the model is done.
            if (slotsLeft() == 0) {
                closing = true;
            }
            sequence.fail(Failure.of("emptying a slot", e));
        }
        sequence.release();
    }

    private int slotsLeft() {
        return free.size() + prefilling.size() + running.size();
    }

    private void end() {
        synchronized (lock) {
            closing = true;
        }
        prefilling.forEach(this::abort);
        running.forEach(this::abort);
        for (Sequence sequence = waiting.poll(); sequence != null; sequence = waiting.poll()) {
            sequence.cancel();
            sequence.release();
        }
        model.close();
    }

    private void abort(Slot slot) {
        Sequence sequence = slot.leave();
        sequence.cancel();
        sequence.release();
    }
}
