package io.rackmark.engine.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.rackmark.engine.EngineException;
import java.util.List;

/** What a worker tells the runner. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reply.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = Reply.Engine.class, name = "engine"),
    @JsonSubTypes.Type(value = Reply.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = Reply.Loaded.class, name = "loaded"),
    @JsonSubTypes.Type(value = Reply.TokenIds.class, name = "token-ids"),
    @JsonSubTypes.Type(value = Reply.Logits.class, name = "logits"),
    @JsonSubTypes.Type(value = Reply.Delta.class, name = "delta"),
    @JsonSubTypes.Type(value = Reply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Reply.Refused.class, name = "refused")
})
sealed interface Reply {

    /** Of the command that this answers; 0 for {@code Hello}. */
    long id();

    /**
     * The first frame.
     *
     * @param token the secret that the runner gave this worker on its standard input
     * @param mainNanos the worker's clock at the start of its main
     */
    record Hello(long id, String token, long mainNanos) implements Reply {}

    record Engine(long id, Described described) implements Reply {}

    record Opened(long id, EngineOpened opened) implements Reply {}

    record Loaded(long id, ModelLoaded loaded) implements Reply {}

    record TokenIds(long id, List<Integer> ids) implements Reply {}

    /**
     * @param rows of logits in the file; 0 when the model gives none
     */
    record Logits(long id, int rows) implements Reply {}

    record Delta(long id, TextDelta delta) implements Reply {}

    /**
     * Sent at most every second while a request runs.
     *
     * @param tokens generated so far
     */
    record Progress(long id, int tokens) implements Reply {}

    record Done(long id, Generated generated) implements Reply {}

    record Refused(long id, EngineException.Kind kind, String message) implements Reply {}
}
