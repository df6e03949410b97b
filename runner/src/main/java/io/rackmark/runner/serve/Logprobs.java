package io.rackmark.runner.serve;

import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log probabilities in the form of chat-completions and in that of completions. */
final class Logprobs {
    private Logprobs() {}

    /** An entry per token, the likeliest ones inside it. */
    static ObjectNode chat(List<TokenLogprobs> tokens) {
        ObjectNode node = Replies.JSON.createObjectNode();
        ArrayNode content = node.putArray("content");
        for (TokenLogprobs token : tokens) {
            ObjectNode entry = content.addObject();
            fill(entry, token.chosen());
            ArrayNode likeliest = entry.putArray("top_logprobs");
            token.likeliest().forEach(each -> fill(likeliest.addObject(), each));
        }
        node.putNull("refusal");
        return node;
    }

    private static void fill(ObjectNode entry, TokenLogprob token) {
        entry.put("token", unnamed(token) ? id(token) : TokenText.of(token.bytes()).text())
                .put("logprob", token.logprob());
        if (unnamed(token)) {
            entry.putNull("bytes");
        } else {
            ArrayNode bytes = entry.putArray("bytes");
            for (byte each : token.bytes()) {
                bytes.add(each & 0xFF);
            }
        }
    }

    /** A list per property; the chosen token is among the likeliest whatever its rank. */
    static ObjectNode legacy(List<TokenLogprobs> tokens) {
        ObjectNode node = Replies.JSON.createObjectNode();
        ArrayNode texts = node.putArray("tokens");
        ArrayNode logprobs = node.putArray("token_logprobs");
        ArrayNode likeliest = node.putArray("top_logprobs");
        ArrayNode offsets = node.putArray("text_offset");
        for (TokenLogprobs token : tokens) {
            texts.add(key(token.chosen()));
            logprobs.add(token.chosen().logprob());
            ObjectNode entry = likeliest.addObject();
            token.likeliest().forEach(each -> entry.put(key(each), each.logprob()));
            entry.put(key(token.chosen()), token.chosen().logprob());
            offsets.add(token.offset());
        }
        return node;
    }

    private static String key(TokenLogprob token) {
        TokenText text = TokenText.of(token.bytes());
        return unnamed(token) ? id(token) : text.broken() ? "bytes:" + text.text() : text.text();
    }

    /** A row of the model's vocabulary that its tokenizer has no token for. */
    private static boolean unnamed(TokenLogprob token) {
        return token.bytes().length == 0;
    }

    private static String id(TokenLogprob token) {
        return "token_id:" + token.token();
    }
}
