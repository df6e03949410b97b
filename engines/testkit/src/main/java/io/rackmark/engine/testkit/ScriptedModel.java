package io.rackmark.engine.testkit;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Completion;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.Prompt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The model of a {@link ScriptedEngine}. Prompt tokens are the UTF-8 bytes of the text; token
 * <i>i</i> of the script has id 256 + <i>i</i> mod 256, and the end of turn is id 512.
 */
public final class ScriptedModel implements LoadedModel {
    static final int END = 512;
    private static final int VOCABULARY = 513;

    private final Script script;
    private final LoadOptions options;
    private final Semaphore slots;
    private final AtomicInteger running = new AtomicInteger();
    private final List<List<Long>> releases = new ArrayList<>();
    private volatile boolean closed;

    ScriptedModel(Script script, LoadOptions options) {
        this.script = script;
        this.options = options;
        this.slots = new Semaphore(options.slots(), true);
    }

    /**
     * {@link System#nanoTime()} just before each token was handed over, per request that began, in
     * the order in which they began.
     */
    public List<List<Long>> releases() {
        synchronized (releases) {
            return releases.stream().map(List::copyOf).toList();
        }
    }

    @Override
    public ModelFacts facts() {
        return new ModelFacts(
                VOCABULARY,
                options.contextTokens(),
                options.slots(),
                0,
                List.of(new Fact("tokens", Integer.toString(script.tokens().size()))));
    }

    @Override
    public Optional<float[][]> logits(List<Integer> prompt, List<Integer> continuation) {
        return Optional.empty();
    }

    @Override
    public List<Integer> tokens(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat(var messages) -> {
                StringBuilder text = new StringBuilder();
                messages.forEach(m -> text.append(m.role().label() + ": " + m.content() + "\n"));
                yield bytes(text.toString());
            }
            case Prompt.Text(var text) -> bytes(text);
            case Prompt.Tokens(var ids) -> ids;
        };
    }

    @Override
    public Completion generate(GenerationRequest request, GenerationListener listener) {
        List<Integer> prompt = tokens(request.prompt());
        requireFit(prompt);
        requirePlain(request);
        requireOpen();
        long queued = System.nanoTime();
        slots.acquireUninterruptibly();
        running.incrementAndGet();
        try {
            long started = System.nanoTime();
            ScriptedRequest run =
                    new ScriptedRequest(script, request, listener, this::stopsAll, begin());
            int room = options.contextTokens() - prompt.size();
            Finish finish = run.play(started, Math.min(room, request.maxTokens()));
            return run.completion(prompt, finish, started - queued);
        } finally {
            running.decrementAndGet();
            slots.release();
        }
    }

    @Override
    public void close() {
        closed = true;
        // A request whose own listener closes the model is still under way: give up on it in time.
        long patience = System.nanoTime() + 5_000_000_000L;
        while (running.get() > 0 && System.nanoTime() < patience) {
            Deadline.at(System.nanoTime() + 1_000_000).await(() -> running.get() == 0);
        }
    }

    private boolean stopsAll() {
        return closed;
    }

    private List<Long> begin() {
        List<Long> times = java.util.Collections.synchronizedList(new ArrayList<>());
        synchronized (releases) {
            releases.add(times);
        }
        return times;
    }

    private void requireOpen() {
        if (closed) {
            throw new EngineException(
                    Kind.BAD_REQUEST, "the model is closed: load it again to generate");
        }
    }

    private static void requirePlain(GenerationRequest request) {
        if (!request.format().equals(AnswerFormat.FREE)) {
            throw new EngineException(
                    Kind.BAD_REQUEST, "a script keeps to no format: ask for a free answer");
        }
        if (request.logprobs().isPresent()) {
            throw new EngineException(
                    Kind.BAD_REQUEST, "a script has no logits: ask without log probabilities");
        }
    }

    private void requireFit(List<Integer> prompt) {
        if (prompt.isEmpty()) {
            throw new EngineException(Kind.BAD_REQUEST, "the prompt is empty: give it text");
        }
        for (int id : prompt) {
            if (id < 0 || id >= VOCABULARY) {
                throw new EngineException(
                        Kind.BAD_REQUEST,
                        "prompt token %d is outside 0 to %d".formatted(id, VOCABULARY - 1));
            }
        }
        if (prompt.size() >= options.contextTokens()) {
            throw new EngineException(
                    Kind.CONTEXT_OVERFLOW,
                    "the prompt of %d tokens and one more do not fit the context of %d tokens"
                            .formatted(prompt.size(), options.contextTokens()));
        }
    }

    private static List<Integer> bytes(String text) {
        List<Integer> ids = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            ids.add(b & 0xFF);
        }
        return ids;
    }
}
