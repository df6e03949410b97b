package io.rackmark.engine.remote.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long SECOND = 1_000_000_000;

    private final Clock clock = new Clock();

    /** Passes only while somebody waits. */
    private static final class Clock implements Pacer.Time {
        private long now = -5 * SECOND;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) {
            now += nanos;
        }
    }

    @Test
    void requestsAreSpreadEvenlyOverTheMinute() {
        Pacer pacer = new Pacer(new RateLimits(30, null), clock);
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pacer.await(100);
            sent.add(clock.now);
            clock.now += SECOND / 2; // the request itself
        }
        assertThat(sent).containsExactly(-5 * SECOND, -3 * SECOND, -1 * SECOND, SECOND);
    }

    @Test
    void whatWasHeldBackIsTold() {
        Pacer pacer = new Pacer(new RateLimits(60, null), clock);
        assertThat(pacer.await(1).waitedNanos()).isZero();
        assertThat(pacer.await(1).waitedNanos()).isEqualTo(SECOND);
        clock.now += 10 * SECOND;
        assertThat(pacer.await(1).waitedNanos()).isZero();
        assertThat(pacer.await(1).waitedNanos()).as("no burst was saved up").isEqualTo(SECOND);
    }

    @Test
    void tokensCountAsTheEndpointCountsThem() {
        Pacer pacer = new Pacer(new RateLimits(null, 6000), clock);
        Pacer.Grant first = pacer.await(1000);
        pacer.used(first, 100); // 1 s, not 10
        Pacer.Grant second = pacer.await(100);
        assertThat(second.waitedNanos()).isEqualTo(SECOND);
        pacer.used(second, 300);
        assertThat(pacer.await(100).waitedNanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void theTighterOfTwoLimitsHolds() {
        Pacer pacer = new Pacer(new RateLimits(60, 60_000), clock);
        pacer.await(100);
        assertThat(pacer.await(5000).waitedNanos()).isEqualTo(SECOND);
        assertThat(pacer.await(100).waitedNanos()).isEqualTo(5 * SECOND);
    }

    @Test
    void withoutLimitsNothingIsHeldBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(new Pacer(RateLimits.NONE, clock).await(1_000_000).waitedNanos()).isZero();
        }
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() {
        Pacer pacer = new Pacer(new RateLimits(1, null));
        pacer.await(1);
        Thread.currentThread().interrupt();
        assertThat(pacer.await(1).waitedNanos()).isLessThan(30 * SECOND);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLimitOfNothingIsRefused() {
        assertThatThrownBy(() -> new RateLimits(0, null))
                .hasMessageContaining("requests-per-minute");
    }
}
