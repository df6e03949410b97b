package io.rackmark.engine.worker;

import io.rackmark.engine.TokenLogprobs;
import java.util.List;

/**
 * A piece of an answer.
 *
 * @param text not empty
 * @param logprobs of the tokens that begin in it, when the request asks for them
 */
public record TextDelta(String text, List<TokenLogprobs> logprobs) {
    public TextDelta {
        logprobs = List.copyOf(logprobs);
    }
}
