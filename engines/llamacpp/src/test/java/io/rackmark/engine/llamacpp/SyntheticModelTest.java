package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.Catalogue;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelSource;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.GgufConverter;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.synth.Synthesis;
import io.rackmark.model.synth.Synthesizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticModelTest {
    @TempDir private Path temporary;

    @Test
    void aSynthesizedModelGivesLogitsOfOrdinarySize() throws IOException {
        Path home = Path.of(System.getProperty("rackmark.source", "../.."));
        ModelSource embedded = new Catalogue(home).resolve("embedded");
        Checkpoint checkpoint =
                new Synthesizer(((ModelSource.Directory) embedded).checkpoint())
                        .write(
                                new Synthesis(
                                        "smollm2-135m",
                                        1,
                                        SafetensorsDtype.BF16,
                                        OptionalInt.of(2)),
                                temporary.resolve("synthetic"),
                                ConversionProgress.NONE);
        Path gguf = temporary.resolve("synthetic.gguf");
        new GgufConverter(checkpoint, Precision.Q4_K_M).write(gguf, ConversionProgress.NONE);
        try (TokenModel model = Models.SHIPPED.open(gguf, 64, 1)) {
            float[] logits = model.prefill(0, new int[] {5, 900, 49_000}, true, Models.NEVER);
            double squares = 0;
            for (float logit : logits) {
                squares += (double) logit * logit;
            }
            assertThat(Math.sqrt(squares / logits.length)).isBetween(0.1, 10.0);
        }
    }
}
