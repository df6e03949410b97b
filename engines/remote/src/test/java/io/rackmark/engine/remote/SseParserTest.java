package io.rackmark.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock")
class SseParserTest {
    private static final int MOST = 4 << 20;

    /** The same stream is parsed whole and byte by byte: a read may end anywhere. */
    private static List<String> events(String stream) throws Exception {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        List<String> whole = parse(bytes, bytes.length);
        for (int size : new int[] {1, 2, 3, 7}) {
            assertThat(parse(bytes, size)).as("reads of %d bytes", size).isEqualTo(whole);
        }
        return whole;
    }

    private static List<String> parse(byte[] bytes, int readSize) throws Exception {
        List<String> events = new ArrayList<>();
        SseParser parser =
                new SseParser(
                        (named, data, length, nanos) ->
                                events.add(
                                        (named ? "error:" : "")
                                                + new String(
                                                        data, 0, length, StandardCharsets.UTF_8)),
                        MOST);
        for (int from = 0; from < bytes.length; from += readSize) {
            byte[] read = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + readSize));
            parser.feed(read, read.length, from);
        }
        parser.end(bytes.length);
        return events;
    }

    @Test
    void linesMayEndInLfOrCrOrCrlf() throws Exception {
        assertThat(events("data: a\n\ndata: b\r\rdata: c\r\n\r\ndata: d\r\n\ndata: e\n\r\n"))
                .containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void commentsAndOtherFieldsSayNothing() throws Exception {
        assertThat(events(": ping\n\n:\nid: 7\nretry: 5\nevent: message\ndata: a\n\nevent: x\n\n"))
                .containsExactly("a");
    }

    @Test
    void severalDataLinesAreJoined() throws Exception {
        assertThat(events("data: a\ndata:b\ndata\ndata:  c\n\n")).containsExactly("a\nb\n\n c");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        assertThat(events("\ufeffdata: a\n\n")).containsExactly("a");
    }

    @Test
    void umlautsAndEmojiSurviveAnySplit() throws Exception {
        assertThat(events("data: Grüße 🦙 日本\n\n")).containsExactly("Grüße 🦙 日本");
    }

    @Test
    void theLastEventNeedsNoEmptyLine() throws Exception {
        assertThat(events("data: a\n\ndata: b")).containsExactly("a", "b");
        assertThat(events("data: a\n\ndata: b\n")).containsExactly("a", "b");
    }

    @Test
    void anErrorEventIsTold() throws Exception {
        assertThat(events("event: error\ndata: {}\n\ndata: a\n\n"))
                .containsExactly("error:{}", "a");
    }

    @Test
    void anEventOfMegabytesIsOneEvent() throws Exception {
        String big = "x".repeat(3 << 20);
        byte[] bytes = ("data: " + big + "\n\n").getBytes(StandardCharsets.UTF_8);
        assertThat(parse(bytes, 16 << 10)).containsExactly(big);
    }

    @Test
    void anEndlessLineAndAnEndlessEventAreRefused() {
        assertThatThrownBy(
                        () ->
                                parse(
                                        ("data: " + "x".repeat(5 << 20))
                                                .getBytes(StandardCharsets.UTF_8),
                                        1 << 16))
                .isInstanceOf(SseParser.TooLongException.class);
        assertThatThrownBy(
                        () ->
                                parse(
                                        "data: 1234567\n"
                                                .repeat(1 << 20)
                                                .getBytes(StandardCharsets.UTF_8),
                                        1 << 16))
                .isInstanceOf(SseParser.TooLongException.class);
    }

    @Test
    void eachEventHasTheTimeOfTheReadThatCompletedIt() throws Exception {
        List<Long> times = new ArrayList<>();
        SseParser parser = new SseParser((named, data, length, nanos) -> times.add(nanos), 1 << 10);
        feed(parser, "data: a\n", 1);
        feed(parser, "\ndata: b\n\nda", 2);
        feed(parser, "ta: c\r\n\r", 3);
        feed(parser, "\n", 4);
        parser.end(5);
        assertThat(times).containsExactly(2L, 2L, 3L);
    }

    private static void feed(SseParser parser, String text, long nanos) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        parser.feed(bytes, bytes.length, nanos);
    }
}
