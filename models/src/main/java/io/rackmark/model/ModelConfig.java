package io.rackmark.model;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of a decoder-only transformer, from {@code config.json} and {@code
 * generation_config.json}.
 *
 * @param family {@code model_type}, for example {@code llama}
 * @param architecture class that implements the family, for example {@code LlamaForCausalLM}
 * @param layers transformer blocks
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of one head; even
 * @param ffn inner width of the feed-forward block
 * @param vocabulary rows of the embedding matrix
 * @param contextTokens longest sequence in tokens; no longer than the attention window, if there is
 *     one, since within it the window changes nothing
 * @param rmsEpsilon added to the mean square in RMS normalisation
 * @param ropeTheta base of the rotary frequencies
 * @param tiedEmbeddings whether the output matrix is the embedding matrix
 * @param queryKeyValueBias whether the query, key and value projections have biases (Qwen2)
 * @param outputBias whether the projection of the attention's output has a bias
 * @param queryKeyNorm whether each head of query and key is RMS-normalised before the rotation,
 *     with weights {@code self_attn.q_norm} and {@code k_norm} [headDim] (Qwen3)
 * @param mlpBias whether the feed-forward projections have biases
 * @param torchDtype precision named by the configuration, for example {@code bfloat16}
 * @param eosIds ids that end a generation; generation_config.json wins over config.json
 */
public record ModelConfig(
        String family,
        String architecture,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int ffn,
        int vocabulary,
        int contextTokens,
        double rmsEpsilon,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean tiedEmbeddings,
        boolean queryKeyValueBias,
        boolean outputBias,
        boolean queryKeyNorm,
        boolean mlpBias,
        String torchDtype,
        OptionalInt bosId,
        List<Integer> eosIds,
        OptionalInt padId) {
    public ModelConfig {
        eosIds = List.copyOf(eosIds);
    }

    /**
     * Reads {@code config.json} and, if there is one, {@code generation_config.json}.
     *
     * @throws ModelException when they are missing or damaged or the family is not supported
     */
    public static ModelConfig read(Path directory) {
        return ConfigReader.read(directory);
    }

    /** Rows of the query projection. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Rows of the key and of the value projection. */
    public int keyValueWidth() {
        return kvHeads * headDim;
    }
}
