package io.rackmark.engine.worker;

/** Ends one request early, from any thread and at any time: before it is sent, while it runs. */
public final class Cancellation {
    private boolean cancelled;
    private Runnable action = () -> {};

    /** Ends the request; it returns as cancelled. Idempotent. */
    public void cancel() {
        Runnable now;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            now = action;
        }
        now.run();
    }

    /** Whether it was asked for. */
    public synchronized boolean cancelled() {
        return cancelled;
    }

    /** What to do when asked; done at once when that was before. */
    void onCancel(Runnable whatToDo) {
        synchronized (this) {
            action = whatToDo;
            if (!cancelled) {
                return;
            }
        }
        whatToDo.run();
    }
}
