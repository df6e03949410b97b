package io.rackmark.engine.decoder.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.AnswerFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final AnswerFormat OBJECT = new AnswerFormat.JsonObject();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ }",
                "\n{\"a\":1}",
                "{\"a\": -0.5e-3, \"b\": [], \"c\": {\"d\": null}}",
                "{\n  \"sql\": \"SELECT \\\"x\\\" FROM t\",\n  \"n\": [1, 2.5, true, false]\n}",
                "{\"\":\"\\u00e9\\n\\/\\ud7ff\"}",
                "{\"größe\":\"日本 🎉\"}"
            })
    void anObjectIsHeld(String text) {
        assertThat(Recognizer.object(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "1",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":1e}",
                "{\"a\":tru}",
                "{'a':1}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\ud83d\"}",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}",
                "{} x",
                "{}{}"
            })
    void whatIsNoObjectIsNot(String text) {
        assertThat(Recognizer.object(text)).isFalse();
    }

    @Test
    void bytesThatAreNoUtf8AreNot() {
        int[][] wrong = {
            {0x80},
            {0xC0, 0x80},
            {0xC3},
            {0xE0, 0x80, 0x80},
            {0xED, 0xA0, 0x80},
            {0xF5},
            {0xFF},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xE2, 0x82}
        };
        for (int[] bytes : wrong) {
            assertThat(Recognizer.holds(OBJECT, quoted(bytes))).isFalse();
        }
        assertThat(Recognizer.holds(OBJECT, quoted(0xF4, 0x8F, 0xBF, 0xBF))).isTrue();
        assertThat(Recognizer.holds(OBJECT, quoted(0xE0, 0xA0, 0x80))).isTrue();
    }

    @Test
    void nestingHasAnEnd() {
        String deep = "{\"a\":" + "[".repeat(23) + "]".repeat(23) + "}";
        assertThat(Recognizer.object(deep)).isTrue();
        assertThat(Recognizer.object("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}")).isFalse();
    }

    @Test
    void numbersAndWhiteSpaceHaveAnEnd() {
        assertThat(Recognizer.object("{\"a\":" + "9".repeat(15) + "}")).isTrue();
        assertThat(Recognizer.object("{\"a\":" + "9".repeat(16) + "}")).isFalse();
        assertThat(Recognizer.object("{\n" + " ".repeat(16) + "}")).isTrue();
        assertThat(Recognizer.object("{\n" + " ".repeat(17) + "}")).isFalse();
        assertThat(Recognizer.object("{  }")).isFalse();
    }

    private static byte[] quoted(int... body) {
        byte[] start = {'{', '"', 'a', '"', ':', '"'};
        byte[] all = new byte[start.length + body.length + 2];
        System.arraycopy(start, 0, all, 0, start.length);
        for (int i = 0; i < body.length; i++) {
            all[start.length + i] = (byte) body[i];
        }
        all[all.length - 2] = '"';
        all[all.length - 1] = '}';
        return all;
    }
}
