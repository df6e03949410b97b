package io.rackmark.engine;

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

    /** Asked between tokens and, where the engine can, inside the prefill. */
    default boolean cancelled() {
        return false;
    }
}
