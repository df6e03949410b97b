package io.rackmark.runner.workload;

import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.Sampling;
import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.result.SpeedCase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Real text, cut to exact numbers of the model's own tokens. */
final class SpeedPrompt {
    /** So that the streams of a round do not share their beginning. */
    private static final int STREAM_OFFSET = 37;

    private final List<Integer> text;

    private SpeedPrompt(List<Integer> text) {
        this.text = text;
    }

    /** The text in the tokens of the session's model. */
    static SpeedPrompt of(CellSession session) {
        return new SpeedPrompt(session.tokens(new Prompt.Text(text())));
    }

    /**
     * A request of a case, with its whole length whatever the model says.
     *
     * @param stream from 1
     */
    GenerationRequest request(SpeedCase point, int stream) {
        return new GenerationRequest(
                new Prompt.Tokens(ids(point.depth() + point.promptTokens(), stream)),
                Sampling.GREEDY,
                point.outputTokens(),
                List.of(),
                true,
                point.depth());
    }

    /** The text from somewhere on, repeated as often as it takes. */
    private List<Integer> ids(int count, int stream) {
        List<Integer> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(text.get((i + (stream - 1) * STREAM_OFFSET) % text.size()));
        }
        return ids;
    }

    private static String text() {
        try (InputStream in = SpeedPrompt.class.getResourceAsStream("speed-prompt.txt")) {
            return new String(
                    Objects.requireNonNull(in, "speed-prompt.txt").readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
