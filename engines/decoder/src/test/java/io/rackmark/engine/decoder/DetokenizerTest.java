package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DetokenizerTest {
    private static final String[] PIECES = {
        "SELECT", " ", "  ", "\n", "é", "e\u0301", "日本語", "한국", "😀", "👩‍💻", "Ω", "\t", "'", "a",
        "🇩🇪", "\u200B", "ß", "naïve", "0", "</s>"
    };

    @Test
    void byteLevelTextEqualsTheTokenizersOwnDecoding() {
        agrees(Embedded.checkpoint(), HashModel.VOCABULARY);
    }

    @Test
    void byteFallbackTextEqualsTheTokenizersOwnDecoding(@TempDir Path directory)
            throws IOException {
        agrees(SentencePieceCheckpoint.write(directory), SentencePieceCheckpoint.VOCABULARY);
    }

    @Test
    void incompleteCharacterIsKeptUntilItIsComplete() {
        TokenTable table = TokenTable.read(Embedded.checkpoint().resolve("tokenizer.json"));
        Detokenizer detokenizer = new Detokenizer(table);
        try (Tokenizer tokenizer = Tokenizer.open(Embedded.checkpoint())) {
            int[] ids = tokenizer.encode("😀", false);
            assertThat(ids.length).isGreaterThan(1);
            for (int i = 0; i + 1 < ids.length; i++) {
                assertThat(detokenizer.add(ids[i])).isEmpty();
            }
            assertThat(detokenizer.add(ids[ids.length - 1])).isEqualTo("😀");
        }
    }

    @Test
    void specialTokensAddNothing() {
        TokenTable table = TokenTable.read(Embedded.checkpoint().resolve("tokenizer.json"));
        Detokenizer detokenizer = new Detokenizer(table);
        assertThat(detokenizer.add(0) + detokenizer.add(1) + detokenizer.add(2)).isEmpty();
        assertThat(detokenizer.add(HashModel.VOCABULARY + 99)).isEmpty();
    }

    /** Texts in full, texts cut between tokens, and ids at random. */
    private static void agrees(Path checkpoint, int vocabulary) {
        TokenTable table = TokenTable.read(checkpoint.resolve("tokenizer.json"));
        Random random = new Random(20261123);
        try (Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
            for (int round = 0; round < 600; round++) {
                int[] ids =
                        round % 3 == 0
                                ? random.ints(1 + random.nextInt(30), 0, vocabulary).toArray()
                                : tokenizer.encode(text(random), false);
                int from = round % 3 == 1 ? random.nextInt(ids.length) : 0;
                int[] part = java.util.Arrays.copyOfRange(ids, from, ids.length);
                assertThat(streamed(table, part)).isEqualTo(tokenizer.decode(part));
            }
        }
    }

    private static String streamed(TokenTable table, int[] ids) {
        Detokenizer detokenizer = new Detokenizer(table);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(detokenizer.add(id));
        }
        return text.append(detokenizer.flush()).toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
