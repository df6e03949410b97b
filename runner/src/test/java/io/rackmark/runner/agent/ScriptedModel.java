package io.rackmark.runner.agent;

import io.rackmark.engine.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers from a script, 100 ms and 10 + 5 tokens per answer, 7 ms per failure. */
final class ScriptedModel implements ChatModel {
    static final Duration ANSWER = Duration.ofMillis(100);
    static final Duration FAILURE = Duration.ofMillis(7);

    final FakeTime time = new FakeTime();
    final List<List<Message>> prompts = new ArrayList<>();
    private final Deque<Supplier<Reply>> script = new ArrayDeque<>();

    ScriptedModel says(String text) {
        script.add(
                () -> {
                    time.pass(ANSWER);
                    return new Reply(text, 10, 5, null, "request-" + prompts.size(), "STOP");
                });
        return this;
    }

    ScriptedModel saysSql(String sql) {
        return says("{\"sql\": \"" + sql + "\", \"rationale\": \"Because.\"}");
    }

    ScriptedModel fails(ChatFailure.Kind kind, @Nullable Duration retryAfter) {
        script.add(
                () -> {
                    time.pass(FAILURE);
                    throw new ChatFailure(
                            kind, "scripted " + kind, retryAfter, "request-" + prompts.size());
                });
        return this;
    }

    @Override
    public Reply chat(List<Message> messages, int maxTokens) {
        prompts.add(List.copyOf(messages));
        return script.removeFirst().get();
    }

    String lastMessage(int request) {
        return prompts.get(request).getLast().content();
    }
}
