package io.rackmark.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged streams never hang, crash or invent a token. Every token of the sound stream is unique,
 * so a text that is not made of whole tokens of it was invented.
 */
@SuppressWarnings("StringConcatToTextBlock")
class SseFuzzTest {
    private static final int STREAMS = 10_000;
    private static final long SEED = 20_261_125;

    @Test
    void tenThousandCutAndShuffledStreamsYieldOnlyTokensThatWereSent() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < STREAMS; i++) {
            int tokens = random.nextInt(1, 12);
            byte[] sound = stream(random, tokens);
            byte[] damaged = random.nextInt(4) == 0 ? sound : cut(random, sound);
            Collector collector = new Collector();
            feed(random, damaged, collector);
            String text = collector.result(0, NOTHING, 0, null).text();
            assertThat(expected(tokens)).as("seed %d, stream %d", SEED, i).startsWith(text);
            if (damaged == sound) {
                assertThat(text).as("seed %d, stream %d", SEED, i).isEqualTo(expected(tokens));
            }
        }
    }

    @Test
    void tenThousandStreamsOfNoiseNeitherHangNorCrash() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < STREAMS; i++) {
            byte[] bytes = stream(random, 4);
            int flips = random.nextInt(1, 20);
            for (int j = 0; j < flips; j++) {
                bytes[random.nextInt(bytes.length)] = noise(random);
            }
            Collector collector = new Collector();
            feed(random, bytes, collector);
            assertThat(collector.result(0, NOTHING, 0, null).text().length())
                    .as("seed %d, stream %d", SEED, i)
                    .isLessThanOrEqualTo(bytes.length);
        }
    }

    private static final Network NOTHING = new Network(false, null, null, null, null, null);

    private static byte noise(Random random) {
        byte[] likely = {'\n', '\r', ':', '{', '}', '"', '[', 0, (byte) 0xff, ' '};
        return random.nextBoolean()
                ? likely[random.nextInt(likely.length)]
                : (byte) random.nextInt(256);
    }

    private static String expected(int tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            text.append("<ü").append(i).append("🦙>");
        }
        return text.toString();
    }

    private static byte[] stream(Random random, int tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            String end = new String[] {"\n", "\r", "\r\n"}[random.nextInt(3)];
            if (random.nextInt(5) == 0) {
                text.append(": comment").append(end).append(end);
            }
            text.append(random.nextBoolean() ? "data: " : "data:")
                    .append("{\"choices\":[{\"delta\":{\"content\":\"<ü")
                    .append(i)
                    .append("🦙>\"}}]}")
                    .append(end)
                    .append(end);
        }
        text.append(random.nextBoolean() ? "data: [DONE]\n\n" : "");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The stream up to anywhere. */
    private static byte[] cut(Random random, byte[] sound) {
        return Arrays.copyOf(sound, random.nextInt(sound.length));
    }

    private static void feed(Random random, byte[] bytes, Collector collector) throws Exception {
        SseParser parser = new SseParser(collector, 1 << 16);
        int from = 0;
        boolean more = true;
        while (from < bytes.length && more) {
            int to = Math.min(bytes.length, from + random.nextInt(1, 40));
            byte[] read = Arrays.copyOfRange(bytes, from, to);
            more = parser.feed(read, read.length, from);
            from = to;
        }
        if (more) {
            parser.end(from);
        }
    }
}
