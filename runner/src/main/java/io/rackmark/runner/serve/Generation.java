package io.rackmark.runner.serve;

import io.rackmark.engine.Completion;
import io.rackmark.engine.TokenLogprobs;
import io.rackmark.engine.worker.Cancellation;
import io.rackmark.engine.worker.Generated;
import io.rackmark.engine.worker.TextDelta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers one request by the model: waits for a slot, generates, writes. */
final class Generation {
    private final ServeSettings settings;
    private final Admission admission;
    private final ModelHost host;
    private final ServeMetrics metrics;

    Generation(ServeSettings settings, Admission admission, ModelHost host, ServeMetrics metrics) {
        this.settings = settings;
        this.admission = admission;
        this.host = host;
        this.metrics = metrics;
    }

    /**
     * @throws ApiException when it fails
     * @throws ClientGoneException when nobody wants the answer any more
     */
    void run(Exchange exchange, ApiRequest request) {
        Admission.Ticket ticket = admission.enter();
        try {
            exchange.onGone(ticket::giveUp);
            if (!ticket.await() || exchange.gone()) {
                throw new ClientGoneException();
            }
            Replies replies = new Replies(request, settings);
            if (request.stream()) {
                stream(exchange, request, replies, ticket);
            } else {
                whole(exchange, request, replies, ticket);
            }
        } finally {
            admission.leave(ticket);
        }
    }

    private void whole(
            Exchange exchange, ApiRequest request, Replies replies, Admission.Ticket ticket) {
        List<TokenLogprobs> logprobs = new ArrayList<>();
        // With the pieces of text, not all in the end: no message of the worker grows with them.
        @Nullable Consumer<TextDelta> deltas =
                request.generation().logprobs().isPresent()
                        ? delta -> logprobs.addAll(delta.logprobs())
                        : null;
        Completion completion = generate(exchange, request, deltas, ticket);
        exchange.respond(
                200,
                Router.JSON_TYPE,
                replies.whole(completion, logprobs).toString().getBytes(StandardCharsets.UTF_8),
                0);
    }

    /** The status line waits for the first text, so that a refusal can still have its own. */
    private void stream(
            Exchange exchange, ApiRequest request, Replies replies, Admission.Ticket ticket) {
        Completion completion =
                generate(
                        exchange,
                        request,
                        delta -> {
                            open(exchange, replies);
                            exchange.event(replies.delta(delta).toString());
                        },
                        ticket);
        open(exchange, replies);
        exchange.event(replies.closing(completion).toString());
        if (request.usage()) {
            exchange.event(replies.usage(completion).toString());
        }
        exchange.event("[DONE]");
        exchange.endStream();
    }

    private static void open(Exchange exchange, Replies replies) {
        if (!exchange.streaming()) {
            exchange.startStream();
            ObjectNode opening = replies.opening();
            if (opening != null) {
                exchange.event(opening.toString());
            }
        }
    }

    private Completion generate(
            Exchange exchange,
            ApiRequest request,
            @Nullable Consumer<TextDelta> deltas,
            Admission.Ticket ticket) {
        Cancellation cancellation = new Cancellation();
        exchange.onGone(cancellation::cancel);
        Generated generated = host.generate(request.generation(), deltas, cancellation);
        metrics.finished(generated, ticket.waitedNanos());
        if (exchange.gone()) {
            throw new ClientGoneException();
        }
        return generated.completion();
    }
}
