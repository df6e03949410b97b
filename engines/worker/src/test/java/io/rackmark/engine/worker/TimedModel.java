package io.rackmark.engine.worker;

import io.rackmark.engine.Completion;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.TokenLogprob;
import io.rackmark.engine.TokenLogprobs;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Token i has id i and text "t(i) ". The completion's text tells the time, by the model's own
 * clock, just before each token was handed over.
 */
record TimedModel(int tokenMillis, String misdeed, ModelFacts facts) implements LoadedModel {

    @Override
    public List<Integer> tokens(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Tokens tokens -> tokens.ids();
            case Prompt.Text text -> text.text().chars().boxed().toList();
            case Prompt.Chat chat -> IntStream.range(0, chat.messages().size()).boxed().toList();
        };
    }

    /** Row i of a prompt of n tokens holds n + i at the place of each token id. */
    @Override
    public Optional<float[][]> logits(List<Integer> prompt, List<Integer> continuation) {
        float[][] rows = new float[1 + continuation.size()][facts.vocabulary()];
        for (int i = 0; i < rows.length; i++) {
            Arrays.fill(rows[i], prompt.size() + i);
        }
        return Optional.of(rows);
    }

    @Override
    public Completion generate(GenerationRequest request, GenerationListener listener) {
        if (tokens(request.prompt()).isEmpty()) {
            throw new EngineException(EngineException.Kind.BAD_REQUEST, "the prompt is empty");
        }
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < request.maxTokens(); i++) {
            if (listener.cancelled()) {
                return completion(request, times, Completion.Finish.CANCELLED);
            }
            if (i == 3) {
                misbehave();
            }
            TimedProvider.pause(tokenMillis);
            if (request.logprobs().isPresent()) {
                listener.onLogprobs(List.of(logprobs(i, request.logprobs().getAsInt())));
            }
            times.add(System.nanoTime());
            listener.onToken(i, "t" + i + " ");
        }
        return completion(request, times, Completion.Finish.LENGTH);
    }

    /** As far from a round number as can be, and bytes that are no text. */
    static TokenLogprobs logprobs(int token, int likeliest) {
        return new TokenLogprobs(
                logprob(token),
                3 * token,
                IntStream.range(0, likeliest).mapToObj(TimedModel::logprob).toList());
    }

    private static TokenLogprob logprob(int token) {
        return new TokenLogprob(
                token, new byte[] {(byte) 0xF0, (byte) token, '"'}, -Math.PI * (token + 1) / 7);
    }

    private Completion completion(
            GenerationRequest request, List<Long> times, Completion.Finish finish) {
        return new Completion(
                times.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                tokens(request.prompt()),
                times.size(),
                finish,
                new Completion.Phases(1, 2, 3, 4, 5, 6, 7));
    }

    private void misbehave() {
        switch (misdeed) {
            case "none" -> {}
            case "hang" -> TimedProvider.pause(600_000);
            case "heap" -> fillHeap();
            case "thrown-native" ->
                    throw new OutOfMemoryError("Cannot reserve direct buffer memory");
            case "segv" -> readFromNowhere();
            case "exit" -> Runtime.getRuntime().halt(17);
            case "collect" -> collect();
            case "bell" -> {
                System.err.println("ring \u0007\u001b[31m twice");
                throw new IllegalStateException("unexpected \u0007");
            }
            default -> throw new EngineException(EngineException.Kind.INTERNAL, misdeed);
        }
    }

    private static void fillHeap() {
        List<byte[]> kept = new ArrayList<>();
        while (kept.size() < 1_000_000) {
            kept.add(new byte[1 << 20]);
        }
    }

    /** Asks the C library for the length of a string at an address nobody mapped. */
    private static void readFromNowhere() {
        try {
            MethodHandle strlen =
                    Linker.nativeLinker()
                            .downcallHandle(
                                    Linker.nativeLinker().defaultLookup().findOrThrow("strlen"),
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
            System.err.println((long) strlen.invokeExact(MemorySegment.ofAddress(8)));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** With enough live objects for a pause of milliseconds. */
    private static void collect() {
        List<Object> live = new ArrayList<>();
        for (int i = 0; i < 400_000; i++) {
            live.add(new int[] {i});
        }
        System.gc();
        System.err.println(live.size() + " objects survive");
    }

    @Override
    public void close() {
        System.err.println("model closed");
    }
}
