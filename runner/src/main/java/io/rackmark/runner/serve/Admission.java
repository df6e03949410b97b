package io.rackmark.runner.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Who may use the model's slots: first come, first served, and no more waiting than is bounded. The
 * worker thus never holds a request without a slot, and its own clock of progress stays true.
 */
final class Admission {
    private static final int MOST_RETRY_SECONDS = 60;

    private final int slots;
    private final int queue;
    private final Deque<Ticket> waiting = new ArrayDeque<>();
    private int busy;
    private boolean closed;
    private double usualSeconds = 1;

    Admission(int slots, int queue) {
        this.slots = slots;
        this.queue = queue;
    }

    /** A place in the queue or a slot. */
    static final class Ticket {
        private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
        private final long enteredNanos = System.nanoTime();
        private volatile long startedNanos;

        /** Waits for a slot; false when the ticket was given up first. */
        boolean await() {
            boolean go = turn.join();
            startedNanos = System.nanoTime();
            return go;
        }

        /** Gives up waiting; without effect on who has a slot. */
        void giveUp() {
            turn.complete(false);
        }

        long waitedNanos() {
            return startedNanos - enteredNanos;
        }

        private boolean call() {
            return turn.complete(true);
        }

        private boolean called() {
            return turn.getNow(false);
        }
    }

    /**
     * Enters; each ticket must be given back by {@link #leave}.
     *
     * @throws ApiException 429 when too many wait, 503 when the server is ending
     */
    synchronized Ticket enter() {
        if (closed) {
            throw ApiException.unavailable("The server is shutting down");
        }
        Ticket ticket = new Ticket();
        if (busy < slots) {
            busy++;
            ticket.call();
        } else if (waiting.size() < queue) {
            waiting.add(ticket);
        } else {
            throw ApiException.tooMany(retryAfterSeconds());
        }
        return ticket;
    }

    synchronized void leave(Ticket ticket) {
        if (!ticket.called()) {
            waiting.remove(ticket);
            return;
        }
        double seconds = (System.nanoTime() - ticket.startedNanos) / 1e9;
        usualSeconds += (seconds - usualSeconds) / 8;
        Ticket next = waiting.poll();
        while (next != null && !next.call()) {
            next = waiting.poll();
        }
        if (next == null) {
            busy--;
            notifyAll();
        }
    }

    /** Lets nobody in any more. */
    synchronized void close() {
        closed = true;
    }

    /** Waits until every slot is free; false when that takes too long. */
    synchronized boolean awaitIdle(long limitNanos) {
        long deadline = System.nanoTime() + limitNanos;
        try {
            while (busy > 0) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    synchronized int busy() {
        return busy;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    int slots() {
        return slots;
    }

    /** About when the last in the queue would get a slot. */
    private int retryAfterSeconds() {
        double seconds = usualSeconds * (waiting.size() + 1) / slots;
        return (int) Math.clamp(Math.ceil(seconds), 1, MOST_RETRY_SECONDS);
    }
}
