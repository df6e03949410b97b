package io.rackmark.engine.decoder;

/** Makes a token of logits. */
interface TokenChooser {

    /**
     * The next token.
     *
     * @param logits [vocabulary], not to be kept
     */
    int next(float[] logits);
}
