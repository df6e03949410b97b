package io.rackmark.engine;

import java.util.List;

/**
 * One token of an answer and what might have stood in its place.
 *
 * @param chosen the token
 * @param offset Unicode characters of the answer that were complete before it
 * @param likeliest the model's likeliest tokens there, most likely first, as many as asked for; the
 *     chosen one need not be among them, and tokens of probability 0 are not
 */
public record TokenLogprobs(TokenLogprob chosen, int offset, List<TokenLogprob> likeliest) {

    public TokenLogprobs {
        likeliest = List.copyOf(likeliest);
    }
}
