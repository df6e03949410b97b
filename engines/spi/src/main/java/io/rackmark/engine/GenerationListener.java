package io.rackmark.engine;

import java.util.List;

/** Receives the events of one request on the generating thread; must return quickly. */
public interface GenerationListener {

    /**
     * One token was chosen and detokenised.
     *
     * @param token its id
     * @param text what it adds to the answer; empty while a character or a stop string is
     *     incomplete
     */
    void onToken(int token, String text);

    /**
     * Called just before the {@link #onToken} whose text shows these tokens, when the request asks
     * for log probabilities. Those of all events together cover the answer's text: a token that
     * shows nothing of itself, such as one cut off by a stop string, has none.
     *
     * @param tokens at least one, in order
     */
    default void onLogprobs(List<TokenLogprobs> tokens) {}

    /** Asked between tokens and, where the engine can, inside the prefill. */
    default boolean cancelled() {
        return false;
    }
}
