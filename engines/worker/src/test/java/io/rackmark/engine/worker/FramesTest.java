package io.rackmark.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {

    @Test
    void aFrameComesBackAsItWent() throws IOException {
        Command command = new Command.Generate(7, Workers.request(3), true);
        assertThat(read(bytes(command), Command.class)).contains(command);
    }

    @Test
    void anAnswersFormatGoesWithTheRequest() throws IOException {
        for (AnswerFormat format :
                List.of(
                        new AnswerFormat.JsonObject(),
                        new AnswerFormat.JsonSchema("{\"type\":\"object\"}"))) {
            Command command =
                    new Command.Generate(
                            7,
                            new GenerationRequest(
                                    new Prompt.Text("go"),
                                    Sampling.GREEDY,
                                    9,
                                    List.of("\n"),
                                    false,
                                    0,
                                    format),
                            true);
            assertThat(read(bytes(command), Command.class)).contains(command);
        }
    }

    @Test
    void theNumberOfLogprobsGoesWithTheRequest() throws IOException {
        for (int likeliest : new int[] {0, 20}) {
            Command command =
                    new Command.Generate(7, Workers.request(3).withLogprobs(likeliest), true);
            assertThat(read(bytes(command), Command.class)).contains(command);
        }
    }

    @Test
    void theEndBetweenFramesIsTheEnd() throws IOException {
        assertThat(read(new byte[0], Command.class)).isEmpty();
    }

    @Test
    void aLengthOutOfBoundsIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {-1, 0, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            byte[] frame = ByteBuffer.allocate(4).putInt(length).array();
            assertThatThrownBy(() -> read(frame, Command.class))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(Integer.toString(length));
        }
    }

    @Test
    void anUnknownTypeIsRefused() {
        assertThatThrownBy(() -> read(frame("{\"type\":\"format\",\"id\":1}"), Command.class))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> read(frame("null"), Command.class))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void randomBytesAreRefusedAndNothingElse() throws IOException {
        Random random = new Random(41);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            byte[] bytes = random.nextBoolean() ? body : frame(body);
            readOrRefuse(bytes);
        }
    }

    @Test
    void damagedFramesAreReadOrRefusedAndNothingElse() throws IOException {
        Random random = new Random(42);
        byte[] valid = bytes(new Command.Open(3, Map.of("threads", "2")));
        byte[] request = bytes(new Command.Generate(7, Workers.request(3), true));
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = (random.nextBoolean() ? valid : request).clone();
            for (int n = 0; n <= random.nextInt(3); n++) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) (32 + random.nextInt(95));
            }
            readOrRefuse(damaged);
        }
    }

    private static void readOrRefuse(byte[] bytes) throws IOException {
        try {
            assertThat(read(bytes, Command.class)).isNotNull();
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static <T> Optional<T> read(byte[] bytes, Class<T> type) throws IOException {
        return Frames.read(Channels.newChannel(new ByteArrayInputStream(bytes)), type);
    }

    private static byte[] bytes(Object message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frames.write(Channels.newChannel(out), message);
        return out.toByteArray();
    }

    private static byte[] frame(String json) {
        return frame(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static byte[] frame(byte[] body) {
        return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    }
}
