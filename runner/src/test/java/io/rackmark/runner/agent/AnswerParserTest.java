package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {
    private static final String GOOD = "{\"sql\": \"SELECT 1\", \"rationale\": \"One.\"}";

    @Test
    void oneObjectWithSqlIsHonoured() {
        assertThat(AnswerParser.parse(GOOD)).isEqualTo(found("SELECT 1", "One.", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sql\":\"SELECT 1\"}",
                " \n{\"sql\":\"SELECT 1\",\"rationale\":7}\n",
                "{\"rationale\":null,\"sql\":\"SELECT 1\",\"more\":[{}]}"
            })
    void rationaleMayBeMissingAndOtherKeysMayStandThere(String response) {
        assertThat(AnswerParser.parse(response)).isEqualTo(found("SELECT 1", null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\n" + GOOD + "\n```",
                "```\n" + GOOD + "```",
                "Sure! Here it is: " + GOOD,
                GOOD + "\nHope this helps {smile}.",
                "Replace {x} by {y}: " + GOOD,
                GOOD + GOOD,
                GOOD + ",",
                "[" + GOOD + "]",
                "{\"answer\": " + GOOD + "}"
            })
    void wrappedObjectsAreExecutedButNotHonoured(String response) {
        assertThat(AnswerParser.parse(response)).isEqualTo(found("SELECT 1", "One.", false));
    }

    @Test
    void rawLineBreaksAndNeedlessEscapesInStringsAreExecutedButNotHonoured() {
        assertThat(AnswerParser.parse("{\"sql\": \"SELECT\n1\"}"))
                .isEqualTo(found("SELECT\n1", null, false));
        assertThat(AnswerParser.parse("{\"sql\": \"SELECT \\'a\\'\"}"))
                .isEqualTo(found("SELECT 'a'", null, false));
    }

    @Test
    void duplicateKeysAreNotHonouredAndTheLastOneIsExecuted() {
        assertThat(AnswerParser.parse("{\"sql\":\"SELECT 1\",\"sql\":\"SELECT 2\"}"))
                .isEqualTo(found("SELECT 2", null, false));
    }

    @Test
    void bracesAndQuotesInsideStringsDoNotEndTheObject() {
        String response = "x {\"sql\": \"SELECT '}{' || \\\"a}\\\"\", \"rationale\": \"}\"} y";
        assertThat(AnswerParser.parse(response))
                .isEqualTo(found("SELECT '}{' || \"a}\"", "}", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "SELECT 1",
                "{}",
                "null",
                "\"sql\"",
                "{\"sql\":\"\"}",
                "{\"sql\":\"  \"}",
                "{\"sql\":null}",
                "{\"sql\":[\"SELECT 1\"]}",
                "{\"SQL\":\"SELECT 1\"}",
                "{\"sql\":\"SELECT 1",
                "{\"sql\":\"SELECT 1\"",
                "{'sql':'SELECT 1'}",
                "{\"sql\":\"a\\",
                "\0",
                "{",
                "}"
            })
    void anythingElseIsNotJson(String response) {
        assertThat(AnswerParser.parse(response)).isEqualTo(new Answer.NotJson());
    }

    @Test
    void depthBombsAndMegabytesAreNotJson() {
        assertThat(AnswerParser.parse("[".repeat(200_000))).isEqualTo(new Answer.NotJson());
        assertThat(AnswerParser.parse("{\"a\":".repeat(50_000))).isEqualTo(new Answer.NotJson());
        assertThat(AnswerParser.parse("{".repeat(AnswerParser.MOST_CHARS)))
                .isEqualTo(new Answer.NotJson());
        assertThat(AnswerParser.parse("{\"a\":".repeat(500) + GOOD + "}".repeat(500)))
                .isEqualTo(new Answer.NotJson());
        assertThat(AnswerParser.parse(GOOD + " ".repeat(5_000_000)))
                .isEqualTo(new Answer.NotJson());
    }

    @Test
    void nulAndEmojiComeThroughAndUnpairedSurrogatesAreReplaced() {
        assertThat(AnswerParser.parse("{\"sql\":\"SELECT '\\u0000😀'\"}"))
                .isEqualTo(found("SELECT '\0😀'", null, true));
        assertThat(AnswerParser.parse("{\"sql\":\"SELECT '\\ud83d'\"}"))
                .isEqualTo(found("SELECT '?'", null, true));
    }

    @Test
    void damagedResponsesNeverThrow() {
        Random random = new Random(20261123);
        String alphabet = "{}[]\"\\:,'`\n\0 sqlu0dé😀\ud83d\ufeff-1e9";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? GOOD : "");
            for (int edits = random.nextInt(24); edits > 0; edits--) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                int at = random.nextInt(text.length() + 1);
                if (at < text.length() && random.nextBoolean()) {
                    text.setCharAt(at, c);
                } else {
                    text.insert(at, c);
                }
            }
            if (AnswerParser.parse(text.toString()) instanceof Answer.Found found) {
                assertThat(found.sql()).as(text.toString()).isNotBlank();
            }
        }
    }

    @Test
    void baselineLosesOneFenceAndNothingMore() {
        assertThat(AnswerParser.bareSql("```sql\nSELECT 1;\n```")).isEqualTo("SELECT 1;");
        assertThat(AnswerParser.bareSql("```sql\nSELECT 1")).isEqualTo("SELECT 1");
        assertThat(AnswerParser.bareSql(" SELECT 1 ")).isEqualTo("SELECT 1");
        assertThat(AnswerParser.bareSql("Here: ```sql\nSELECT 1\n```"))
                .isEqualTo("Here: ```sql\nSELECT 1\n```");
        assertThat(AnswerParser.bareSql("``````")).isEqualTo("``````");
        assertThat(AnswerParser.bareSql("```\n```")).isEmpty();
        assertThat(AnswerParser.bareSql(GOOD)).isEqualTo(GOOD);
    }

    private static Answer found(String sql, @Nullable String rationale, boolean honoured) {
        return new Answer.Found(sql, rationale, honoured);
    }
}
