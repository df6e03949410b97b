package io.rackmark.engine.testkit;

import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.LoadedModel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Has another thread close the model at a token, and gives the closing a head start. */
final class CloseAfter implements GenerationListener {
    private final LoadedModel model;
    private final int limit;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private int seen;

    CloseAfter(LoadedModel model, int limit) {
        this.model = model;
        this.limit = limit;
        Thread.ofPlatform().daemon().start(this::closeWhenReached);
    }

    @Override
    public void onToken(int token, String text) {
        if (++seen == limit) {
            reached.countDown();
            try {
                // close() cannot return while this event is being delivered: wait for its effect.
                closed.await(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void awaitClosed() throws InterruptedException {
        if (!closed.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("close() did not return within 30 s");
        }
    }

    private void closeWhenReached() {
        try {
            if (reached.await(30, TimeUnit.SECONDS)) {
                model.close();
                closed.countDown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
