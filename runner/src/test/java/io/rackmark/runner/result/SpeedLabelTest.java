package io.rackmark.runner.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedLabelTest {
    @Test
    void aLabelSaysItsCaseRoundAndStreamAndIsReadBack() {
        for (SpeedLabel label :
                List.of(
                        new SpeedLabel(new SpeedCase(512, 0, 64, 1), 3, 1),
                        new SpeedLabel(new SpeedCase(512, 1024, 64, 1), 1, 1),
                        new SpeedLabel(new SpeedCase(1, 0, 2, 4), 2, 3),
                        new SpeedLabel(new SpeedCase(128, 4096, 32, 16), 12, 16))) {
            assertThat(SpeedLabel.of(label.toString())).as(label.toString()).contains(label);
        }
        assertThat(new SpeedLabel(new SpeedCase(512, 0, 64, 1), 1, 1)).hasToString("pp512-tg64-1");
        assertThat(new SpeedLabel(new SpeedCase(512, 1024, 64, 4), 1, 3))
                .hasToString("pp512@d1024-tg64x4-1.3");
    }

    @Test
    void otherLabelsHaveNoCase() {
        for (String other : List.of("first", "warm-up-1", "q1/0", "", "pp-tg-1", "pp1-tg2")) {
            assertThat(SpeedLabel.of(other)).as(other).isEmpty();
        }
    }
}
