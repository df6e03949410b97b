package io.rackmark.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.safetensors.SafetensorsFile;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceModelTest {

    /** The oracle is another implementation: tools/model-fixtures ran Hugging Face transformers. */
    @ParameterizedTest
    @ValueSource(strings = {"llama3", "mistral", "qwen2", "qwen3", "smollm2", "tinyllama", "wide"})
    void logitsAreThoseOfTransformers(String family) {
        Path directory =
                EmbeddedModel.home().resolve("models/src/test/resources/fixtures/" + family);
        try (SafetensorsFile expected =
                        SafetensorsFile.open(directory.resolve("expected.safetensors"));
                ReferenceModel model = ReferenceModel.open(Checkpoint.read(directory))) {
            SafetensorsTensor ids = Objects.requireNonNull(expected.tensors().get("input_ids"));
            List<Integer> tokens =
                    Arrays.stream(ids.data().toArray(ValueLayout.JAVA_INT_UNALIGNED))
                            .boxed()
                            .toList();
            SafetensorsTensor logits = Objects.requireNonNull(expected.tensors().get("logits"));
            float[] truth = new float[(int) logits.elements()];
            logits.read(0, truth.length, truth);

            float[][] rows = model.logits(tokens, tokens.size());

            double difference = 0;
            double size = 0;
            for (int i = 0; i < truth.length; i++) {
                double apart = (double) rows[i / rows[0].length][i % rows[0].length] - truth[i];
                difference += apart * apart;
                size += (double) truth[i] * truth[i];
            }
            assertThat(Math.sqrt(difference / size)).isLessThan(1e-5);
        }
    }

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
