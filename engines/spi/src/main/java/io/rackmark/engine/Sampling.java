package io.rackmark.engine;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 is greedy; the rest is then unused
 * @param topK candidates kept by rank; 0 keeps all
 * @param topP candidates kept by cumulative probability, (0, 1]
 * @param seed of the random draw
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

    public Sampling {
        if (!(temperature >= 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "need temperature >= 0, topK >= 0, 0 < topP <= 1; got %s, %s, %s"
                            .formatted(temperature, topK, topP));
        }
    }
}
