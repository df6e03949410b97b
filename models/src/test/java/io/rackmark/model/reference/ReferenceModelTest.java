package io.rackmark.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.model.EmbeddedModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferenceModelTest {

    @Test
    void laterTokensDoNotChangeEarlierLogits() {
        try (ReferenceModel model = ReferenceModel.open(EmbeddedModel.checkpoint())) {
            List<Integer> tokens = IntStream.range(40, 52).boxed().toList();
            float[][] all = model.logits(tokens, 12);
            float[][] head = model.logits(tokens.subList(0, 5), 1);
            for (int id = 0; id < head[0].length; id++) {
                assertThat(all[4][id]).isCloseTo(head[0][id], within(1e-5f));
            }
        }
    }
}
