package io.rackmark.engine.decoder;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.Completion;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Prompt;
import io.rackmark.engine.decoder.grammar.Grammars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model made of an engine's {@link TokenModel} and the text side of a checkpoint.
 *
 * <p>Listener events are delivered on the decoder's own thread, the one that runs the model, so
 * that no token waits for a thread switch. A listener that blocks therefore holds up every request.
 */
public final class Decoder implements LoadedModel {
    private final TokenModelShape shape;
    private final TextSide text;
    private final Scheduler scheduler;
    private final Grammars grammars;

    private Decoder(TokenModelShape shape, TextSide text, Scheduler scheduler) {
        this.grammars =
                new Grammars(shape.vocabulary(), text.table()::bytes, text.ends()::contains);
        this.shape = shape;
        this.text = text;
        this.scheduler = scheduler;
    }

    /**
     * Loads what all decoders share, the tokenizer's native library and the template engine, so
     * that it counts as start of the engine and not as load of the first model.
     */
    public static void prepare() {
        TokenizerLibrary.prepare();
        new ChatTemplate("{{ bos_token }}", "", "").render(List.of());
    }

    /**
     * Takes ownership of the model, and closes it when this fails.
     *
     * @param files names the checkpoint directory with {@code tokenizer.json}, {@code
     *     tokenizer_config.json} and, if there is one, {@code generation_config.json}
     * @throws EngineException of kind {@code BAD_MODEL} when one of them cannot be used
     */
    public static Decoder open(TokenModel model, ModelFiles files) {
        try {
            TextSide text = TextSide.read(files.checkpoint());
            TokenModelShape shape = model.shape();
            requireOneModel(text, shape, files);
            Scheduler scheduler = new Scheduler(model, files.name());
            scheduler.start();
            return new Decoder(shape, text, scheduler);
        } catch (Throwable e) {
            model.close();
            throw e;
        }
    }

    /** Models often have more rows than tokens; fewer is another model's tokenizer. */
    private static void requireOneModel(TextSide text, TokenModelShape shape, ModelFiles files) {
        if (text.table().trained() > shape.vocabulary()) {
            text.close();
            throw new EngineException(
                    EngineException.Kind.BAD_MODEL,
                    "%s has %d tokens, the model %s knows %d: they are not of one model; take the tokenizer.json that came with the weights"
                            .formatted(
                                    files.checkpoint().resolve("tokenizer.json"),
                                    text.table().trained(),
                                    files.name(),
                                    shape.vocabulary()));
        }
    }

    @Override
    public ModelFacts facts() {
        return new ModelFacts(
                shape.vocabulary(),
                shape.contextTokens(),
                shape.slots(),
                shape.kvCacheBytes(),
                shape.facts());
    }

    @Override
    public List<Integer> tokens(Prompt prompt) {
        return boxed(ids(prompt, new Stopwatch()));
    }

    @Override
    public Optional<float[][]> logits(List<Integer> prompt, List<Integer> continuation) {
        ForcedTokens forced = new ForcedTokens(continuation);
        int[] ids = prompt.stream().mapToInt(Integer::intValue).toArray();
        requireFit(ids, continuation.size());
        requireKnown(continuation.stream().mapToInt(Integer::intValue).toArray());
        Answer answer =
                new Answer(forced, text.detokenizer(), new StopMatcher(List.of()), EndTokens.NONE);
        run(
                new Sequence.Start(ids, 0),
                continuation.size() + 1,
                answer,
                (token, added) -> {},
                new Stopwatch());
        return Optional.of(forced.rows());
    }

    @Override
    public Completion generate(GenerationRequest request, GenerationListener listener) {
        Stopwatch watch = new Stopwatch();
        int[] prompt = ids(request.prompt(), watch);
        requireFit(prompt, 0);
        requireDepth(prompt, request.depth());
        Answer answer =
                new Answer(
                        chooser(request),
                        text.detokenizer(),
                        new StopMatcher(request.stop()),
                        request.ignoreEnd() ? EndTokens.NONE : text.ends(),
                        logprobs(request));
        int limit = Math.min(request.maxTokens(), shape.contextTokens() - prompt.length);
        Sequence.Start start = new Sequence.Start(prompt, request.depth());
        Finish finish = run(start, limit, answer, listener, watch);
        return new Completion(
                answer.text(), boxed(prompt), answer.tokens(), finish, watch.phases());
    }

    private TokenChooser chooser(GenerationRequest request) {
        Sampler sampler = new Sampler(request.sampling());
        return request.format().equals(AnswerFormat.FREE)
                ? sampler
                : new FormatChooser(sampler, grammars.guard(request.format()));
    }

    private @Nullable AnswerLogprobs logprobs(GenerationRequest request) {
        return request.logprobs().isEmpty()
                ? null
                : new AnswerLogprobs(
                        new LogSoftmax(request.logprobs().getAsInt()), text.table()::spelling);
    }

    private Finish run(
            Sequence.Start start,
            int limit,
            Answer answer,
            GenerationListener listener,
            Stopwatch watch) {
        Sequence sequence =
                new Sequence(start, limit, answer, new Sequence.Client(listener, watch));
        scheduler.run(sequence);
        return sequence.finish();
    }

    @Override
    public void close() {
        scheduler.close();
        text.close();
    }

    private int[] ids(Prompt prompt, Stopwatch watch) {
        return switch (prompt) {
            case Prompt.Chat(var messages) -> {
                if (messages.isEmpty()) {
                    throw new EngineException(
                            Kind.BAD_REQUEST, "the chat has no messages: give at least one");
                }
                String rendered = watch.template(() -> text.template().render(messages));
                yield watch.tokenize(() -> text.tokenizer().encode(rendered, false));
            }
            case Prompt.Text(var plain) -> {
                if (plain.isEmpty()) {
                    throw new EngineException(
                            Kind.BAD_REQUEST, "the prompt is empty: give at least one character");
                }
                yield watch.tokenize(() -> text.tokenizer().encode(plain, true));
            }
            case Prompt.Tokens(var ids) -> ids.stream().mapToInt(Integer::intValue).toArray();
        };
    }

    /**
     * @param more tokens that follow the prompt beside the one that is always chosen
     */
    private void requireFit(int[] prompt, int more) {
        if (prompt.length == 0) {
            throw new EngineException(
                    Kind.BAD_REQUEST, "the prompt has no tokens: give at least one");
        }
        requireKnown(prompt);
        if (prompt.length + more >= shape.contextTokens()) {
            throw new EngineException(
                    Kind.CONTEXT_OVERFLOW,
                    ("the prompt of %d tokens and %s more do not fit the context of %d tokens:"
                                    + " raise the context or shorten the prompt")
                            .formatted(
                                    prompt.length,
                                    more == 0 ? "one" : more + 1,
                                    shape.contextTokens()));
        }
    }

    private static void requireDepth(int[] prompt, int depth) {
        if (depth >= prompt.length) {
            throw new EngineException(
                    Kind.BAD_REQUEST,
                    "the depth of %d leaves nothing of the prompt of %d tokens: give more tokens"
                            .formatted(depth, prompt.length));
        }
    }

    private void requireKnown(int[] tokens) {
        for (int id : tokens) {
            if (id < 0 || id >= shape.vocabulary()) {
                throw new EngineException(
                        Kind.BAD_REQUEST,
                        "prompt token %d is outside the model's vocabulary of 0 to %d"
                                .formatted(id, shape.vocabulary() - 1));
            }
        }
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().collect(ArrayList::new, List::add, List::addAll);
    }
}
