package io.rackmark.engine.remote.arrival;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets one thread at a time wait as it does on a blocking socket, interrupts included. */
final class Signal {
    private volatile @Nullable Thread waiting;

    /**
     * Waits until something holds that another thread brings about before it calls {@link #wake}.
     *
     * @param nanos longest wait; 0: any
     * @return whether it holds
     * @throws InterruptedIOException on the interrupt of a virtual thread; those of platform
     *     threads stay pending, as with every {@link java.net.Socket}
     */
    boolean await(BooleanSupplier what, long nanos) throws InterruptedIOException {
        if (what.getAsBoolean()) {
            return true;
        }
        Thread self = Thread.currentThread();
        long start = System.nanoTime();
        boolean interrupted = false;
        waiting = self;
        try {
            while (!what.getAsBoolean()) {
                if (nanos == 0) {
                    LockSupport.park(this);
                } else {
                    long left = nanos - (System.nanoTime() - start);
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, left);
                }
                if (self.isVirtual() && self.isInterrupted()) {
                    throw new InterruptedIOException();
                }
                interrupted |= !self.isVirtual() && Thread.interrupted();
            }
            return true;
        } finally {
            waiting = null;
            if (interrupted) {
                self.interrupt();
            }
        }
    }

    void wake() {
        @Nullable Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
