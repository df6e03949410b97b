package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Message;
import io.rackmark.engine.Prompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenizerTest {

    @Test
    void longTextIsNotTruncated() {
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            String text = "SELECT name FROM artist; ".repeat(400);
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids.length).isGreaterThan(1024);
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
        }
    }

    @Test
    void specialTokensInTextBecomeTheirIds() {
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            int[] ids = tokenizer.encode("<|im_start|>user\nhi<|im_end|>", false);
            assertThat(ids).startsWith(1).endsWith(2);
            assertThat(tokenizer.decode(ids)).isEqualTo("user\nhi");
        }
    }

    @Test
    void halfASurrogatePairIsReplaced() {
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db", false))).isEqualTo("a\uFFFDb");
        }
    }

    @Test
    void chatIsRenderedAndTokenised() {
        try (Decoder decoder = Decoder.open(new HashModel(256, 1, 64), Embedded.files());
                Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            List<Integer> ids =
                    decoder.tokens(
                            new Prompt.Chat(List.of(new Message(Message.Role.USER, "How many?"))));
            int[] expected =
                    tokenizer.encode(
                            "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n",
                            false);
            assertThat(ids.stream().mapToInt(i -> i).toArray()).isEqualTo(expected);
        }
    }

    @Test
    void djlIsOfflineAndUnpacksWhereTold() {
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            assertThat(tokenizer.encode("x", false)).isNotEmpty();
        }
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        Path cache = Path.of(System.getProperty("rackmark.cache"));
        assertThat(cache.resolve("djl/tokenizers"))
                .satisfies(d -> assertThat(Files.isDirectory(d)).isTrue());
    }
}
