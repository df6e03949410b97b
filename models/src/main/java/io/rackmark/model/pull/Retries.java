package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Tries again what the network broke, each time after a longer pause.
 *
 * @param attempts in a row that may fail without progress
 * @param first pause; it doubles with each failure, up to 30 s, with a quarter of jitter
 */
record Retries(int attempts, Duration first, Pause pause) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A server that asks for more is told no: the user decides when to come back. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** Less than this between two failures is no progress. */
    private static final long PROGRESS_BYTES = 1 << 20;

    /** One request. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** Told before each pause. */
    @FunctionalInterface
    interface Listener {
        void retrying(IOException fault, Duration pause);
    }

    /**
     * @param progress bytes so far; failures count anew once it has grown by a megabyte
     * @throws WrongContentException at once
     * @throws IOException the last failure, when the attempts are used up
     * @throws ModelException at once, when the attempt throws one
     */
    <T> T run(Attempt<T> attempt, LongSupplier progress, Listener listener) throws IOException {
        int failures = 0;
        long mark = progress.getAsLong();
        while (true) {
            try {
                return attempt.run();
            } catch (WrongContentException e) {
                throw e;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw cancelled(e);
                }
                long now = progress.getAsLong();
                failures = now - mark >= PROGRESS_BYTES ? 1 : failures + 1;
                mark = now;
                if (failures >= attempts) {
                    throw e;
                }
                Duration wait = wait(e, failures);
                listener.retrying(e, wait);
                sleep(wait);
            }
        }
    }

    private Duration wait(IOException fault, int failures) {
        if (fault instanceof TransientException busy && busy.retryAfter().isPresent()) {
            Duration asked = busy.retryAfter().get();
            if (asked.compareTo(LONGEST_WAIT) > 0) {
                throw new ModelException(
                        Kind.ENVIRONMENT,
                        "%s and asks to come back in %d min; what was fetched is kept, pull again then"
                                .formatted(fault.getMessage(), asked.toMinutes()),
                        fault);
            }
            return asked;
        }
        long millis = first.toMillis() << Math.min(failures - 1, 16);
        long bounded = Math.min(millis, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(bounded + ThreadLocalRandom.current().nextLong(bounded / 4 + 1));
    }

    private void sleep(Duration time) {
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        }
    }

    private static CancellationException cancelled(Exception cause) {
        CancellationException cancelled = new CancellationException("cancelled");
        cancelled.initCause(cause);
        return cancelled;
    }
}
