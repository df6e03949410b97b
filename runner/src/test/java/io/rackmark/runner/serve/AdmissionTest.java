package io.rackmark.runner.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    @Test
    void whoCameFirstGoesFirst() {
        Admission admission = new Admission(1, 8);
        Admission.Ticket first = admission.enter();
        List<Admission.Ticket> line = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            line.add(admission.enter());
        }
        assertThat(first.await()).isTrue();
        for (Admission.Ticket next : line) {
            admission.leave(first);
            assertThat(next.await()).isTrue();
            first = next;
        }
        admission.leave(first);
        assertThat(admission.busy()).isZero();
    }

    @Test
    void whoGivesUpLosesThePlaceAndNoSlotIsLost() {
        Admission admission = new Admission(1, 8);
        Admission.Ticket running = admission.enter();
        Admission.Ticket impatient = admission.enter();
        Admission.Ticket patient = admission.enter();
        running.await();
        impatient.giveUp();
        assertThat(impatient.await()).isFalse();
        admission.leave(running);
        assertThat(patient.await()).isTrue();
        admission.leave(impatient);
        admission.leave(patient);
        assertThat(admission.busy()).isZero();
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void aFullQueueSaysWhenToComeBack() {
        Admission admission = new Admission(2, 1);
        for (int i = 0; i < 3; i++) {
            admission.enter();
        }
        assertThatThrownBy(admission::enter)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(429);
                            assertThat(e.retryAfterSeconds()).isBetween(1, 60);
                        });
    }

    @Test
    void nobodyEntersAfterTheClose() {
        Admission admission = new Admission(1, 1);
        admission.close();
        assertThatThrownBy(admission::enter).hasMessageContaining("shutting down");
        assertThat(admission.awaitIdle(0)).isTrue();
    }
}
