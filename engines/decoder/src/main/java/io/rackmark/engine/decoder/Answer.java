package io.rackmark.engine.decoder;

import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.TokenLogprobs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of one request as it grows: logits in, text out. */
final class Answer {
    private final TokenChooser chooser;
    private final Detokenizer detokenizer;
    private final StopMatcher stops;
    private final EndTokens ends;
    private final @Nullable AnswerLogprobs logprobs;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private String added = "";

    Answer(TokenChooser chooser, Detokenizer detokenizer, StopMatcher stops, EndTokens ends) {
        this(chooser, detokenizer, stops, ends, null);
    }

    /**
     * @param logprobs null when none are asked for
     */
    Answer(
            TokenChooser chooser,
            Detokenizer detokenizer,
            StopMatcher stops,
            EndTokens ends,
            @Nullable AnswerLogprobs logprobs) {
        this.chooser = chooser;
        this.detokenizer = detokenizer;
        this.stops = stops;
        this.ends = ends;
        this.logprobs = logprobs;
    }

    /** The next token. */
    int choose(float[] logits) {
        int token = chooser.next(logits);
        if (logprobs != null) {
            logprobs.chosen(logits, token);
        }
        return token;
    }

    /**
     * Takes the token into the answer.
     *
     * @param last whether the token limit is reached with it
     * @return why the answer ends here; null when it goes on
     */
    @Nullable Finish add(int token, boolean last) {
        tokens++;
        boolean end = ends.contains(token);
        String piece = end ? "" : detokenizer.add(token);
        end |= chooser.ended();
        if (end || last) {
            piece += detokenizer.flush();
        }
        added = stops.add(piece);
        boolean stopped = stops.matched();
        if (!stopped && (end || last)) {
            added += stops.flush();
        }
        text.append(added);
        if (logprobs != null) {
            boolean spelt = !ends.contains(token) && detokenizer.spells(token);
            logprobs.added(spelt, piece, added);
        }
        return end || stopped ? Finish.STOP : last ? Finish.LENGTH : null;
    }

    /** What the latest token added. */
    String added() {
        return added;
    }

    /** The tokens that begin in what the latest token added; none when they are not asked for. */
    List<TokenLogprobs> logprobs() {
        return logprobs == null ? List.of() : logprobs.shown();
    }

    String text() {
        return text.toString();
    }

    int tokens() {
        return tokens;
    }
}
