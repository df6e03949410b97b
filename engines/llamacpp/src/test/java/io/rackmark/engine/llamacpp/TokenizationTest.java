package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vocabulary written into GGUF tokenises as {@code tokenizer.json} does. */
class TokenizationTest {
    private static final List<String> TEXTS =
            List.of(
                    "How many tracks are in each playlist?",
                    "They're HERE, it's late; WE'VE seen don'T and I'LL.",
                    "Größe Straße naïve café señor déjà vu œuvre Łódź",
                    "Привет, мир! Ελληνικά κείμενο, עברית, العربية, हिन्दी",
                    "日本語のテキストと漢字、한국어 텍스트，中文字符。",
                    "🙂🚀 👩‍👩‍👧 ❤️ 🇩🇪 and ©®™ €100 ½ ² ∑x≠y",
                    """
                    def f(x):
                        return [x ** 2 for x in range(10)]


                    if __name__:
                    \tpass\r
                    """,
                    "SELECT a.\"Name\", COUNT(*) FROM t AS a WHERE a.x>=10 AND b<>'it''s';",
                    "one  two   three    four     five",
                    "   leading and trailing   ",
                    "tabs\t\tand\n\n\nlines \n and \r\n\r\n returns",
                    "0 1 12 123 1234 12345 1234567 3.14159 1e-5 0x7f 1,234.56 v2.0.1",
                    "a",
                    " ",
                    "!!!???... --- *** ///",
                    "camelCase snake_case UPPER_CASE kebab-case x1y2z3");

    @TempDir private Path temporary;

    /** With which library; another one in a subclass. */
    Models models() {
        return Models.SHIPPED;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "tinyllama", "mistral", "qwen2", "wide"})
    void plainTextGivesTheSameIds(String name) throws IOException {
        assertPlainTextGivesTheSameIds(name);
    }

    void assertPlainTextGivesTheSameIds(String name) throws IOException {
        try (NativeModel model = open(name);
                Tokenizer tokenizer = Tokenizer.open(Fixtures.directory(name))) {
            for (String text : TEXTS) {
                assertSame(model, tokenizer, start(name, text));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "tinyllama", "mistral", "qwen2", "wide"})
    void piecesOfTextInAnyOrderGiveTheSameIds(String name) throws IOException {
        Random random = new Random(19);
        try (NativeModel model = open(name);
                Tokenizer tokenizer = Tokenizer.open(Fixtures.directory(name))) {
            for (int i = 0; i < 300; i++) {
                StringBuilder text = new StringBuilder();
                for (int part = 0; part < 4; part++) {
                    text.append(piece(TEXTS.get(random.nextInt(TEXTS.size())), random));
                }
                assertSame(model, tokenizer, start(name, text.toString()));
            }
        }
    }

    /** Newer SentencePiece-style files put no second space before one, llama.cpp always does. */
    private static String start(String name, String text) {
        return name.equals("mistral") ? "x" + text : text;
    }

    private static String piece(String text, Random random) {
        int[] points = text.codePoints().toArray();
        int from = random.nextInt(points.length);
        int count = random.nextInt(Math.min(12, points.length - from) + 1);
        return new String(points, from, count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama3:<|start_header_id|>user<|end_header_id|>\n\nHi there<|eot_id|>",
                "smollm2:<|im_start|>user\nHi there<|im_end|>\n<|im_start|>assistant\n",
                "tinyllama:<s>[INST] Hi there [/INST] yes</s>no",
                "qwen2:<|im_start|>user\n<tool_call>{\"a\": 1}</tool_call> <think>\n</think>",
                "wide:<|im_start|>user\nHi there<|im_end|>\n<|endoftext|>"
            })
    void specialTokensInTextGiveTheSameIds(String nameAndText) throws IOException {
        String name = nameAndText.substring(0, nameAndText.indexOf(':'));
        String text = nameAndText.substring(name.length() + 1);
        try (NativeModel model = open(name);
                Tokenizer tokenizer = Tokenizer.open(Fixtures.directory(name))) {
            assertSame(model, tokenizer, text);
        }
    }

    private static void assertSame(NativeModel model, Tokenizer tokenizer, String text) {
        assertThat(model.tokenize(text, false))
                .as("ids of '%s'", text)
                .isEqualTo(tokenizer.encode(text, false));
        assertThat(model.tokenize(text, true))
                .as("ids of '%s' with begin and end", text)
                .isEqualTo(tokenizer.encode(text, true));
    }

    private NativeModel open(String name) throws IOException {
        LlamaLibrary library = LlamaLibrary.load(LibraryFiles.locate(models().lib()));
        return NativeModel.load(
                library,
                new NativeModel.Settings(
                        Fixtures.gguf(name, Precision.F32, temporary),
                        Optional.empty(),
                        0,
                        true,
                        false,
                        FlashAttention.AUTO,
                        64,
                        1,
                        64,
                        1));
    }
}
