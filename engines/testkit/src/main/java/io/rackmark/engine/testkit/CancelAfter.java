package io.rackmark.engine.testkit;

import io.rackmark.engine.GenerationListener;

/** Has another thread cancel the request at a token, and holds that token until it has. */
final class CancelAfter implements GenerationListener {
    private final int limit;
    private volatile boolean cancelled;
    private volatile int seen;

    CancelAfter(int limit) {
        this.limit = limit;
    }

    @Override
    public void onToken(int token, String text) {
        int count = seen + 1;
        seen = count;
        if (count == limit) {
            Thread other = Thread.ofPlatform().start(() -> cancelled = true);
            try {
                other.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    int seen() {
        return seen;
    }
}
