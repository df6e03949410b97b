package io.rackmark.engine;

/**
 * @param contextTokens KV-cache capacity per slot, in tokens
 * @param slots sequences that can be decoded together
 * @param threads compute threads; 0 lets the engine choose
 * @param device device id, such as {@code cpu}
 */
public record LoadOptions(int contextTokens, int slots, int threads, String device) {

    public LoadOptions {
        if (contextTokens < 1 || slots < 1 || threads < 0) {
            throw new IllegalArgumentException(
                    "contextTokens and slots must be positive, threads not negative");
        }
    }
}
