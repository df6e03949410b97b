package io.rackmark.engine.decoder;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/** The text side of the embedded model: byte-level BPE, ChatML. */
final class Embedded {
    private Embedded() {}

    static Path checkpoint() {
        try {
            URL resources = Objects.requireNonNull(Embedded.class.getResource("/embedded"));
            return Path.of(resources.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static ModelFiles files() {
        return new ModelFiles(
                "embedded",
                checkpoint(),
                checkpoint().resolve("model.safetensors"),
                ModelFormat.SAFETENSORS,
                Precision.F32);
    }

    /** A prompt of random ids, always the same for a seed. */
    static GenerationRequest request(int seed, int promptTokens, int maxTokens) {
        Random random = new Random(seed);
        List<Integer> ids =
                IntStream.range(0, promptTokens)
                        .mapToObj(i -> 3 + random.nextInt(HashModel.VOCABULARY - 3))
                        .toList();
        return new GenerationRequest(
                new Prompt.Tokens(ids), Sampling.GREEDY, maxTokens, List.of(), true);
    }
}
