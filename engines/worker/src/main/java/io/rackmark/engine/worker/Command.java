package io.rackmark.engine.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.rackmark.engine.GenerationRequest;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Prompt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the runner tells a worker. Every one but {@code Cancel} and {@code Stop} is answered. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Describe.class, name = "describe"),
    @JsonSubTypes.Type(value = Command.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Command.Load.class, name = "load"),
    @JsonSubTypes.Type(value = Command.Tokens.class, name = "tokens"),
    @JsonSubTypes.Type(value = Command.Logits.class, name = "logits"),
    @JsonSubTypes.Type(value = Command.Generate.class, name = "generate"),
    @JsonSubTypes.Type(value = Command.Cancel.class, name = "cancel"),
    @JsonSubTypes.Type(value = Command.Stop.class, name = "stop")
})
sealed interface Command {

    /** Chosen by the runner; replies carry it. */
    long id();

    record Describe(long id, Map<String, String> options) implements Command {}

    record Open(long id, Map<String, String> options) implements Command {}

    record Load(long id, ModelFiles files, LoadOptions options) implements Command {}

    record Tokens(long id, Prompt prompt) implements Command {}

    /**
     * @param file where the logits are written, which must not exist: they are too many for a frame
     */
    record Logits(long id, List<Integer> prompt, List<Integer> continuation, Path file)
            implements Command {}

    /**
     * @param deltas whether text is sent while it is generated
     */
    record Generate(long id, GenerationRequest request, boolean deltas) implements Command {}

    /**
     * Ends requests early.
     *
     * @param request id of the one to end; 0 for all
     */
    record Cancel(long id, long request) implements Command {}

    /** Closes the model and the engine, and exits. */
    record Stop(long id) implements Command {}
}
