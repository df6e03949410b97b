package io.rackmark.engine.decoder.grammar;

import io.rackmark.engine.AnswerFormat;
import io.rackmark.engine.EngineException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The grammars asked for of one vocabulary; what is learnt of a format serves the next answer.
 * Thread-safe, and costs nothing until a format is asked for.
 */
public final class Grammars {
    /** Formats remembered; a service uses a handful. */
    private static final int MOST = 16;

    private final int vocabulary;
    private final IntFunction<byte[]> bytes;
    private final IntPredicate ends;
    private final Map<AnswerFormat, Automaton> automata =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<AnswerFormat, Automaton> eldest) {
                    return size() > MOST;
                }
            };
    private @Nullable TokenIndex tokens;

    /**
     * @param vocabulary length of a row of logits
     * @param bytes what a token adds to a text; none for special and unknown tokens
     * @param ends the ids that end an answer
     */
    public Grammars(int vocabulary, IntFunction<byte[]> bytes, IntPredicate ends) {
        this.vocabulary = vocabulary;
        this.bytes = bytes;
        this.ends = ends;
    }

    /**
     * A guard for one answer.
     *
     * @param format not {@link AnswerFormat#FREE}
     * @throws EngineException of kind {@code BAD_REQUEST} for a schema that is not supported
     */
    public synchronized Guard guard(AnswerFormat format) {
        Automaton automaton = automata.get(format);
        if (automaton == null) {
            automaton = new Automaton(language(format));
            automata.put(format, automaton);
        }
        if (tokens == null) {
            tokens = new TokenIndex(vocabulary, bytes, ends);
        }
        return new Guard(automaton, tokens);
    }

    private static Expr language(AnswerFormat format) {
        Expr value =
                switch (format) {
                    case AnswerFormat.Free _ ->
                            throw new IllegalArgumentException("a free answer has no grammar");
                    case AnswerFormat.JsonObject _ -> Json.OBJECT;
                    case AnswerFormat.JsonSchema(String schema) -> SchemaReader.read(schema);
                };
        return Expr.then(Space.ANY, value);
    }
}
