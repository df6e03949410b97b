package io.rackmark.runner.remote;

import io.rackmark.engine.remote.RemoteFailure;
import io.rackmark.engine.remote.RemoteResult;
import io.rackmark.engine.remote.Usage;
import io.rackmark.runner.agent.ChatFailure;
import io.rackmark.runner.agent.ChatModel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Results of requests as the agent takes them. */
final class RemoteReplies {
    private RemoteReplies() {}

    /**
     * The answer.
     *
     * @param timeline id of the request's record; null when none was kept
     * @throws ChatFailure when there is no whole answer
     */
    static ChatModel.Reply of(RemoteResult result, @Nullable String timeline) {
        @Nullable RemoteFailure failure = result.failure();
        if (failure != null) {
            throw new ChatFailure(
                    kind(failure.kind()), failure.message(), failure.retryAfter(), timeline);
        }
        @Nullable Usage usage = result.usage();
        return new ChatModel.Reply(
                result.text(),
                usage == null ? null : usage.promptTokens(),
                usage == null ? null : usage.outputTokens(),
                usage == null ? null : usage.cachedTokens(),
                timeline,
                Objects.requireNonNullElse(result.finish(), "unknown"));
    }

    private static ChatFailure.Kind kind(RemoteFailure.Kind kind) {
        return switch (kind) {
            case RATE_LIMITED -> ChatFailure.Kind.RATE_LIMITED;
            case OVERLOADED -> ChatFailure.Kind.UNAVAILABLE_TEMPORARILY;
            case CONTEXT_OVERFLOW -> ChatFailure.Kind.CONTEXT_OVERFLOW;
            case DENIED,
                    NO_SUCH_MODEL,
                    NO_SUCH_ADDRESS,
                    BAD_REQUEST,
                    UNREACHABLE,
                    TLS,
                    STALLED,
                    DEADLINE,
                    CUT,
                    MALFORMED,
                    TOO_LARGE,
                    CANCELLED ->
                    ChatFailure.Kind.FATAL;
        };
    }
}
