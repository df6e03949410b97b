package io.rackmark.runner.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LogprobsTest {
    private static final TokenLogprob WORD = token(7, " é", -0.5);
    private static final TokenLogprob PART =
            new TokenLogprob(8, new byte[] {'a', (byte) 0xE2, (byte) 0x82}, -1.25);
    private static final TokenLogprob UNNAMED = new TokenLogprob(3999, new byte[0], -9);

    @Test
    void aChatTellsEachTokenWithItsBytesAndTheLikeliest() {
        JsonNode told =
                Logprobs.chat(
                        List.of(
                                new TokenLogprobs(WORD, 0, List.of(WORD, UNNAMED)),
                                new TokenLogprobs(PART, 2, List.of())));

        assertThat(told)
                .isEqualTo(
                        json(
                                """
                                {"content": [
                                  {"token": " é", "logprob": -0.5, "bytes": [32, 195, 169],
                                   "top_logprobs": [
                                     {"token": " é", "logprob": -0.5, "bytes": [32, 195, 169]},
                                     {"token": "token_id:3999", "logprob": -9.0, "bytes": null}]},
                                  {"token": "a\\\\xe2\\\\x82", "logprob": -1.25,
                                   "bytes": [97, 226, 130], "top_logprobs": []}],
                                 "refusal": null}
                                """));
    }

    @Test
    void aCompletionTellsThemInColumnsAndTheChosenTokenIsAmongTheLikeliest() {
        JsonNode told =
                Logprobs.legacy(
                        List.of(
                                new TokenLogprobs(WORD, 0, List.of(WORD)),
                                new TokenLogprobs(PART, 2, List.of(WORD))));

        assertThat(told)
                .isEqualTo(
                        json(
                                """
                                {"tokens": [" é", "bytes:a\\\\xe2\\\\x82"],
                                 "token_logprobs": [-0.5, -1.25],
                                 "top_logprobs": [{" é": -0.5},
                                                  {" é": -0.5, "bytes:a\\\\xe2\\\\x82": -1.25}],
                                 "text_offset": [0, 2]}
                                """));
    }

    @Test
    void anAnswerWithoutTextHasNoEntries() {
        assertThat(Logprobs.chat(List.of()).path("content")).isEmpty();
        assertThat(Logprobs.legacy(List.of()).path("tokens")).isEmpty();
    }

    @Test
    void bytesThatAreNoCharacterAreSpeltWhereverTheyStand() {
        assertThat(text(0xF0, 0x9F, 0x98)).isEqualTo(new TokenText("\\xf0\\x9f\\x98", true));
        assertThat(text(0x98, 'b', 0xC3, 0xA9)).isEqualTo(new TokenText("\\x98bé", true));
        assertThat(text('a', 0xC3, 'b')).isEqualTo(new TokenText("a\\xc3b", true));
        assertThat(text(0xF0, 0x9F, 0x98, 0x80)).isEqualTo(new TokenText("😀", false));
        assertThat(text()).isEqualTo(new TokenText("", false));
    }

    private static TokenText text(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return TokenText.of(bytes);
    }

    private static TokenLogprob token(int id, String text, double logprob) {
        return new TokenLogprob(id, text.getBytes(StandardCharsets.UTF_8), logprob);
    }

    private static JsonNode json(String text) {
        return Replies.JSON.readTree(text);
    }
}
