package io.rackmark.engine.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Availability;
import io.rackmark.engine.Prompt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Frames on a channel: a big-endian 32-bit length in bytes, then that much JSON in UTF-8. A frame
 * holds one {@link Command} or one {@link Reply}.
 */
final class Frames {
    /** Room for a prompt of a million tokens and its answer. */
    static final int MAX_FRAME_BYTES = 32 << 20;

    private static final int HEADER_BYTES = 4;
    private static final JsonMapper JSON = mapper();

    private Frames() {}

    /**
     * The next message; empty when the other end closed the channel between two frames.
     *
     * @throws ProtocolException for a length out of bounds, a truncated frame, or JSON that is not
     *     a {@code type}
     */
    static <T> Optional<T> read(ReadableByteChannel channel, Class<T> type) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        fill(channel, header);
        if (header.position() == 0) {
            return Optional.empty();
        }
        complete(header);
        int length = header.flip().getInt();
        if (length < 2 || length > MAX_FRAME_BYTES) {
            throw new ProtocolException(
                    "a frame of %d bytes; allowed are 2 to %d".formatted(length, MAX_FRAME_BYTES));
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        fill(channel, body);
        complete(body);
        return Optional.of(decode(body.array(), type));
    }

    /** Writes one frame. Callers that share a channel take turns. */
    static void write(WritableByteChannel channel, Object message) throws IOException {
        byte[] body = JSON.writeValueAsBytes(message);
        if (body.length > MAX_FRAME_BYTES) {
            throw new ProtocolException(
                    "a %s of %d bytes does not fit a frame of %d"
                            .formatted(
                                    message.getClass().getSimpleName(),
                                    body.length,
                                    MAX_FRAME_BYTES));
        }
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body.length);
        frame.putInt(body.length).put(body).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private static void fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // read until full or at the end
        }
    }

    private static void complete(ByteBuffer buffer) throws ProtocolException {
        if (buffer.hasRemaining()) {
            throw new ProtocolException.Truncated(
                    "the stream ended %d bytes into a part of %d"
                            .formatted(buffer.position(), buffer.capacity()));
        }
    }

    private static <T> T decode(byte[] body, Class<T> type) throws ProtocolException {
        try {
            T message = JSON.readValue(body, type);
            if (message == null) {
                throw new ProtocolException("a frame holds null");
            }
            return message;
        } catch (JacksonException e) {
            throw new ProtocolException(
                    "a frame is not a %s: %s"
                            .formatted(type.getSimpleName(), e.getOriginalMessage()),
                    e);
        }
    }

    private static JsonMapper mapper() {
        StreamReadConstraints bounds =
                StreamReadConstraints.builder()
                        .maxNestingDepth(16)
                        .maxStringLength(MAX_FRAME_BYTES)
                        .maxNumberLength(32)
                        .build();
        return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(bounds).build())
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addMixIn(Prompt.class, PromptForms.class)
                .addMixIn(Availability.class, AvailabilityForms.class)
                .addMixIn(AnswerFormat.class, AnswerFormatForms.class)
                .build();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Prompt.Chat.class, name = "chat"),
        @JsonSubTypes.Type(value = Prompt.Text.class, name = "text"),
        @JsonSubTypes.Type(value = Prompt.Tokens.class, name = "tokens")
    })
    private interface PromptForms {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Availability.Available.class, name = "available"),
        @JsonSubTypes.Type(value = Availability.Unavailable.class, name = "unavailable")
    })
    private interface AvailabilityForms {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AnswerFormat.Free.class, name = "free"),
        @JsonSubTypes.Type(value = AnswerFormat.JsonObject.class, name = "json-object"),
        @JsonSubTypes.Type(value = AnswerFormat.JsonSchema.class, name = "json-schema")
    })
    private interface AnswerFormatForms {}
}
