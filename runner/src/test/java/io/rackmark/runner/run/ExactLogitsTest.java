package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactLogitsTest {
    private static final Path EMBEDDED =
            Path.of(System.getProperty("rackmark.source"), "models/embedded/rackmark-sql-7m");
    private static final List<Integer> TOKENS = List.of(5, 6, 7);

    @TempDir private Path folder;

    @Test
    void whatWasComputedOnceIsReadAgainWithoutTheCheckpoint() {
        float[][] computed = new ExactLogits(EMBEDDED, "a", folder).logits(TOKENS, 2);

        ExactLogits gone = new ExactLogits(folder.resolve("gone"), "a", folder);
        assertThat(Arrays.deepEquals(gone.logits(TOKENS, 2), computed)).isTrue();
        assertThat(computed).hasDimensions(2, 2048);
    }

    @Test
    void otherWeightsTokensAndRowsAreComputed() {
        new ExactLogits(EMBEDDED, "a", folder).logits(TOKENS, 2);

        Path gone = folder.resolve("gone");
        ExactLogits other = new ExactLogits(gone, "b", folder);
        assertThatThrownBy(() -> other.logits(TOKENS, 2)).isInstanceOf(ModelException.class);
        ExactLogits same = new ExactLogits(gone, "a", folder);
        assertThatThrownBy(() -> same.logits(TOKENS, 1)).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> same.logits(List.of(5, 6, 8), 2))
                .isInstanceOf(ModelException.class);
    }

    @Test
    void aFileThatWasCutOffIsComputedAgain() throws IOException {
        ExactLogits logits = new ExactLogits(EMBEDDED, "a", folder);
        float[][] computed = logits.logits(TOKENS, 2);
        try (Stream<Path> files = Files.list(folder)) {
            Files.write(files.findFirst().orElseThrow(), new byte[8]);
        }

        assertThat(Arrays.deepEquals(logits.logits(TOKENS, 2), computed)).isTrue();
    }
}
