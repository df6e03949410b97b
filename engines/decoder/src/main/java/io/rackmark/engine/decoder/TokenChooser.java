package io.rackmark.engine.decoder;

/** Makes a token of logits. */
interface TokenChooser {

    /**
     * The next token.
     *
     * @param logits [vocabulary], not to be kept
     */
    int next(float[] logits);

    /** Whether the latest token ends the answer, whatever the model would add. */
    default boolean ended() {
        return false;
    }
}
