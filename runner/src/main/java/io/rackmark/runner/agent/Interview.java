package io.rackmark.runner.agent;

import io.rackmark.data.SqlOutcome;
import io.rackmark.engine.Message;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.Turn;
import io.rackmark.runner.result.TurnCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One question on its way to an answer: takes the turns and writes them down. */
final class Interview {
    private static final String NOT_JSON =
            "the reply was not one JSON object with a non-empty \"sql\" string";
    private static final String NO_SQL = "the reply was empty";

    private final TextToSqlAgent.Parts parts;
    private final AgentQuestion question;
    private final List<Exchange> history;
    private final List<Turn> turns = new ArrayList<>();
    private List<Message> shown = List.of();
    private @Nullable SqlOutcome lastOutcome;
    private @Nullable ChatFailure lastFailure;

    Interview(TextToSqlAgent.Parts parts, AgentQuestion question, List<Exchange> history) {
        this.parts = parts;
        this.question = question;
        int kept = Math.min(history.size(), parts.settings().historyTurns());
        this.history = List.copyOf(history.subList(history.size() - kept, history.size()));
    }

    AgentAnswer run() {
        long start = parts.time().nanoTime();
        List<Message> prompt = opening();
        for (@Nullable String error = takeTurn(prompt);
                error != null && lastFailure == null && turns.size() <= parts.settings().repairs();
                error = takeTurn(prompt)) {
            String response = Objects.requireNonNull(turns.getLast().raw());
            prompt = Conversation.repair(prompt, parts.system().full(), response, error);
        }
        return new AgentAnswer(ledger(start, parts.time().nanoTime()), lastOutcome);
    }

    private List<Message> opening() {
        if (parts.settings().strategy() == PromptStrategy.BASELINE) {
            return Conversation.baseline(question.text());
        }
        if (!parts.settings().trim()) {
            return Conversation.opening(parts.system().full(), history, question.text());
        }
        // A follow-up may name no table at all; those of the earlier questions are still meant.
        List<String> texts = new ArrayList<>(history.stream().map(Exchange::question).toList());
        texts.add(question.text());
        String system = parts.system().trimmedFor(String.join("\n", texts));
        return Conversation.opening(system, history, question.text());
    }

    /** Asks, executes and records; answers what went wrong, or null when the SQL ran. */
    private @Nullable String takeTurn(List<Message> prompt) {
        PatientModel.Result result = parts.model().chat(prompt);
        lastFailure = result.failure();
        lastOutcome = null;
        ChatModel.Reply reply = result.reply();
        if (reply == null) {
            record(prompt, result, new Response(null, null, null, null, null), 0);
            return Objects.requireNonNull(result.failure()).getMessage();
        }
        Response response = read(reply.text());
        if (response.sql() == null) {
            record(prompt, result, response, 0);
            return response.error();
        }
        long start = parts.time().nanoTime();
        SqlOutcome outcome = parts.database().execute(response.sql());
        long sqlNanos = parts.time().nanoTime() - start;
        lastOutcome = outcome;
        Response executed = response.executed(Executions.of(outcome));
        record(prompt, result, executed, sqlNanos);
        return executed.error();
    }

    private Response read(String text) {
        int length = Math.min(text.length(), AnswerParser.MOST_CHARS);
        String kept = AnswerParser.wellFormed(text.substring(0, length));
        if (parts.settings().strategy() == PromptStrategy.BASELINE) {
            String sql = AnswerParser.bareSql(kept);
            return new Response(kept, sql.isEmpty() ? null : sql, null, null, null);
        }
        return switch (AnswerParser.parse(text)) {
            case Answer.Found found ->
                    new Response(kept, found.sql(), found.rationale(), found.honoured(), null);
            case Answer.NotJson _ -> new Response(kept, null, null, false, null);
        };
    }

    private void record(
            List<Message> prompt, PatientModel.Result result, Response response, long sqlNanos) {
        List<Turn.Line> lines =
                Conversation.added(shown, prompt).stream()
                        .map(message -> new Turn.Line(message.role().label(), message.content()))
                        .toList();
        shown = prompt;
        ChatFailure failure = result.failure();
        turns.add(
                new Turn(
                        turns.size(),
                        lines,
                        response.raw(),
                        response.sql(),
                        response.rationale(),
                        response.honoured(),
                        response.execution(),
                        failure == null ? null : failure.getMessage(),
                        cost(result, sqlNanos)));
    }

    private static TurnCost cost(PatientModel.Result result, long sqlNanos) {
        ChatModel.Reply reply = result.reply();
        return new TurnCost(
                reply == null ? null : reply.promptTokens(),
                reply == null ? null : reply.outputTokens(),
                reply == null ? null : reply.cachedTokens(),
                reply == null ? null : reply.finish(),
                requestId(reply, result.failure()),
                result.refused(),
                result.refusals(),
                result.modelNanos(),
                sqlNanos,
                result.backoffNanos(),
                result.pacedNanos());
    }

    /** A refused request stands among the refused ones already. */
    private static @Nullable String requestId(
            ChatModel.@Nullable Reply reply, @Nullable ChatFailure failure) {
        if (reply != null) {
            return reply.timeline();
        }
        return failure == null || failure.passes() ? null : failure.timeline();
    }

    private QuestionLedger ledger(long startNanos, long endNanos) {
        return new Tally(turns, startNanos, endNanos, lastFailure).ledger(question);
    }

    /**
     * What a response came to.
     *
     * @param honoured null when no JSON was asked for
     */
    private record Response(
            @Nullable String raw,
            @Nullable String sql,
            @Nullable String rationale,
            @Nullable Boolean honoured,
            @Nullable SqlExecution execution) {

        Response executed(SqlExecution done) {
            return new Response(raw, sql, rationale, honoured, done);
        }

        @Nullable String error() {
            if (execution != null) {
                return execution.error();
            }
            return honoured == null ? NO_SQL : NOT_JSON;
        }
    }
}
