package io.rackmark.engine.decoder;

import io.rackmark.engine.Completion.Finish;
import org.jspecify.annotations.Nullable;

/** The answer of one request as it grows: logits in, text out. */
final class Answer {
    private final TokenChooser chooser;
    private final Detokenizer detokenizer;
    private final StopMatcher stops;
    private final EndTokens ends;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private String added = "";

    Answer(TokenChooser chooser, Detokenizer detokenizer, StopMatcher stops, EndTokens ends) {
        this.chooser = chooser;
        this.detokenizer = detokenizer;
        this.stops = stops;
        this.ends = ends;
    }

    /** The next token. */
    int choose(float[] logits) {
        return chooser.next(logits);
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
        return end || stopped ? Finish.STOP : last ? Finish.LENGTH : null;
    }

    /** What the latest token added. */
    String added() {
        return added;
    }

    String text() {
        return text.toString();
    }

    int tokens() {
        return tokens;
    }
}
