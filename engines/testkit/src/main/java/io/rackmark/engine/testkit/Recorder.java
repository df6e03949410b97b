package io.rackmark.engine.testkit;

import io.rackmark.engine.Completion;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;

/**
 * One finished request with its events.
 *
 * @param tokens id of each event, in order
 * @param texts text of each event
 * @param times {@link System#nanoTime()} at which each event arrived
 * @param logprobs of the tokens that show, in order; none when the request asks for none
 * @param completion what the request returned
 */
public record Recorder(
        List<Integer> tokens,
        List<String> texts,
        List<Long> times,
        List<TokenLogprobs> logprobs,
        Completion completion) {

    public Recorder {
        tokens = List.copyOf(tokens);
        texts = List.copyOf(texts);
        times = List.copyOf(times);
        logprobs = List.copyOf(logprobs);
    }

    /** Runs a request to its end. */
    public static Recorder run(LoadedModel model, GenerationRequest request) {
        Events events = new Events();
        Completion completion = model.generate(request, events);
        return new Recorder(events.tokens, events.texts, events.times, events.logprobs, completion);
    }

    /** The texts of all events, joined. */
    public String text() {
        return String.join("", texts);
    }

    private static final class Events implements GenerationListener {
        private final List<Integer> tokens = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();
        private final List<TokenLogprobs> logprobs = new ArrayList<>();

        @Override
        public void onToken(int token, String text) {
            times.add(System.nanoTime());
            tokens.add(token);
            texts.add(text);
        }

        @Override
        public void onLogprobs(List<TokenLogprobs> tokens) {
            logprobs.addAll(tokens);
        }
    }
}
