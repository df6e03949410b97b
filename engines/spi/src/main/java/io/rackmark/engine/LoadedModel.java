package io.rackmark.engine;

import java.util.List;
import java.util.Optional;

/**
 * A model ready to generate. Thread-safe: up to {@link ModelFacts#slots()} calls of {@link
 * #generate} run together, more wait. Owns native memory until closed.
 */
public interface LoadedModel extends AutoCloseable {

    ModelFacts facts();

    /** The ids a prompt becomes, chat template and special tokens included. */
    List<Integer> tokens(Prompt prompt);

    /**
     * The logits after a prompt and after each token of a given continuation, computed as in {@link
     * #generate}: for proving that two engines hold the same model.
     *
     * @return [1 + continuation][vocabulary]; empty when the model gives no logits, as one behind a
     *     remote endpoint
     * @throws EngineException as {@link #generate}
     */
    Optional<float[][]> logits(List<Integer> prompt, List<Integer> continuation);

    /**
     * Generates to the end of the turn, a stop string or the token limit; events arrive on one
     * thread, in order, before this returns.
     *
     * @throws EngineException of kind {@code CONTEXT_OVERFLOW} when the prompt and one token do not
     *     fit, {@code BAD_REQUEST} for an empty prompt, a format that the model cannot keep to, or
     *     log probabilities of a model that gives no logits
     */
    Completion generate(GenerationRequest request, GenerationListener listener);

    /** Frees native memory. Idempotent; running requests end as cancelled first. */
    @Override
    void close();
}
