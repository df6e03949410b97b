package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.data.Cell;
import io.rackmark.engine.Message;
import io.rackmark.runner.agent.ChatFailure.Kind;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionLedger.Outcome;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextToSqlAgentTest {
    private static final AgentQuestion QUESTION =
            new AgentQuestion("q1", "simple", "How many cats are there?");
    private static final String COUNT = "SELECT COUNT(*) AS n FROM Cat";
    private static final String NUMBERS =
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c%s) SELECT %s FROM c";

    private static CatDatabase cats;

    private final ScriptedModel model = new ScriptedModel();

    @BeforeAll
    static void buildsDatabase(@TempDir Path folder) {
        cats = CatDatabase.create(folder.resolve("cats.db"));
    }

    @AfterAll
    static void closesDatabase() {
        cats.close();
    }

    @Test
    void aGoodAnswerIsExecutedAndEverythingIsWrittenDown() {
        QuestionLedger ledger = answer(model.saysSql(COUNT));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.executable()).isTrue();
        assertThat(ledger.finalSql()).isEqualTo(COUNT);
        assertThat(ledger.jsonHonoured()).isTrue();
        assertThat(ledger.correctBag()).isNull();
        assertThat(ledger.repairs()).isZero();
        assertThat(ledger.promptTokens()).isEqualTo(10);
        assertThat(ledger.outputTokens()).isEqualTo(5);
        Turn turn = ledger.turns().getFirst();
        assertThat(turn.newMessages())
                .extracting(Turn.Line::role)
                .containsExactly("system", "user");
        assertThat(turn.rationale()).isEqualTo("Because.");
        assertThat(turn.cost().requestId()).isEqualTo("request-1");
        assertThat(turn.cost().finish()).isEqualTo("STOP");
        SqlExecution execution = Objects.requireNonNull(turn.execution());
        assertThat(execution.kind()).isEqualTo(SqlExecution.Kind.ROWS);
        assertThat(execution.rowCount()).isEqualTo(1);
        assertThat(execution.columns()).containsExactly("n");
        assertThat(execution.firstRows()).containsExactly(List.of("3"));
    }

    @Test
    void theTimeSharesAddUp() {
        model.fails(Kind.RATE_LIMITED, Duration.ofSeconds(30)).saysSql("SELECT").saysSql(COUNT);
        QuestionLedger ledger = answer(model);
        long tick = FakeTime.TICK_NANOS;
        assertThat(ledger.modelNanos()).isEqualTo(2 * (ScriptedModel.ANSWER.toNanos() + tick));
        assertThat(ledger.sqlNanos()).isEqualTo(2 * tick);
        assertThat(ledger.backoffNanos())
                .isEqualTo(
                        model.time.waits.getFirst().plus(ScriptedModel.FAILURE).toNanos() + tick);
        assertThat(ledger.otherNanos()).isPositive();
        assertThat(ledger.totalNanos())
                .isEqualTo(
                        ledger.modelNanos()
                                + ledger.sqlNanos()
                                + ledger.backoffNanos()
                                + ledger.otherNanos());
        assertThat(ledger.turns().getFirst().cost().refusals()).isEqualTo(1);
        assertThat(ledger.turns().getFirst().cost().refusedRequestIds())
                .containsExactly("request-1");
    }

    @Test
    void theFirstRepairSucceedsWithTheDatabasesOwnError() {
        QuestionLedger ledger = answer(model.saysSql("SELECT Nome FROM Cat").saysSql(COUNT));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.repairs()).isEqualTo(1);
        assertThat(model.lastMessage(1))
                .isEqualTo(
                        "Your query failed: no such column: Nome\n"
                                + "Return a corrected query in the same JSON format.");
        assertThat(model.prompts.get(1))
                .extracting(Message::role)
                .containsExactly(
                        Message.Role.SYSTEM,
                        Message.Role.USER,
                        Message.Role.ASSISTANT,
                        Message.Role.USER);
        assertThat(ledger.turns().get(1).newMessages())
                .extracting(Turn.Line::role)
                .containsExactly("assistant", "user");
        assertThat(ledger.promptTokens()).isEqualTo(20);
    }

    @Test
    void theSecondRepairSucceeds() {
        QuestionLedger ledger = answer(model.says("No.").saysSql("SELECT x").saysSql(COUNT));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.repairs()).isEqualTo(2);
        assertThat(ledger.jsonHonoured()).isFalse();
        assertThat(model.prompts.get(2)).hasSize(6);
    }

    @Test
    void afterTwoRepairsTheAgentGivesUp() {
        QuestionLedger ledger =
                answer(model.saysSql("SELECT a").saysSql("SELECT b").saysSql("SELECT c"));
        assertThat(ledger.outcome()).isEqualTo(Outcome.SQL_FAILED);
        assertThat(ledger.executable()).isFalse();
        assertThat(ledger.repairs()).isEqualTo(2);
        assertThat(ledger.finalSql()).isEqualTo("SELECT c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "I do not know.", "{}", "{\"sql\": \"\"}"})
    void aResponseWithoutSqlIsRepairedByTheContract(String response) {
        QuestionLedger ledger = answer(model.says(response).says(response).says(response));
        assertThat(ledger.outcome()).isEqualTo(Outcome.NO_SQL);
        assertThat(ledger.finalSql()).isNull();
        assertThat(ledger.jsonHonoured()).isFalse();
        assertThat(model.lastMessage(1))
                .startsWith(
                        "Your query failed: the reply was not one JSON object with a non-empty"
                                + " \"sql\" string\n");
    }

    @Test
    void aFencedAnswerIsExecutedButNotHonoured() {
        QuestionLedger ledger = answer(model.says("```json\n{\"sql\":\"" + COUNT + "\"}\n```"));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.jsonHonoured()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE Cat",
                "DELETE FROM Cat",
                "INSERT INTO Cat VALUES (9, 'x', 1)",
                "CREATE TABLE T(a)",
                "PRAGMA writable_schema = 1",
                "ATTACH 'x.db' AS x",
                "SELECT 1 \\u0000; DROP TABLE Cat",
                "SELECT 1; SELECT 2; SELECT 3; SELECT 4; SELECT 5; SELECT 6; SELECT 7; SELECT 8;"
                        + " SELECT 9; DROP TABLE Cat"
            })
    void whatIsNotOneReadingStatementFailsAndChangesNothing(String sql) {
        QuestionLedger ledger = answer(model.saysSql(sql).saysSql(sql).saysSql(COUNT));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.repairs()).isEqualTo(2);
        SqlExecution refused = Objects.requireNonNull(ledger.turns().getFirst().execution());
        assertThat(refused.kind()).isIn(SqlExecution.Kind.REJECTED, SqlExecution.Kind.ERROR);
        assertThat(model.lastMessage(1)).contains(Objects.requireNonNull(refused.error()));
        assertThat(Objects.requireNonNull(ledger.turns().getLast().execution()).firstRows())
                .containsExactly(List.of("3"));
    }

    @Test
    void anEndlessQueryEndsAtTheTimeCap() {
        String endless = NUMBERS.formatted("", "COUNT(*)");
        QuestionLedger ledger = answer(model.saysSql(endless).saysSql(COUNT));
        assertThat(kindOfFirst(ledger)).isEqualTo(SqlExecution.Kind.TIMED_OUT);
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void aMillionRowsEndAtTheRowCap() {
        String many = NUMBERS.formatted(" LIMIT 1000000", "x");
        QuestionLedger ledger = answer(model.saysSql(many).saysSql(COUNT));
        assertThat(kindOfFirst(ledger)).isEqualTo(SqlExecution.Kind.TOO_MANY_ROWS);
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void singleShotNeverRepairs() {
        QuestionLedger ledger = answer(PromptStrategy.SINGLE_SHOT, model.saysSql("SELECT x"));
        assertThat(ledger.outcome()).isEqualTo(Outcome.SQL_FAILED);
        assertThat(model.prompts).hasSize(1);
    }

    @Test
    void baselineAsksBareAndTakesTheReplyAsSql() {
        QuestionLedger ledger =
                answer(PromptStrategy.BASELINE, model.says("```sql\n" + COUNT + "\n```"));
        assertThat(ledger.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ledger.jsonHonoured()).isNull();
        assertThat(model.prompts.getFirst())
                .containsExactly(
                        new Message(
                                Message.Role.USER,
                                "Convert this question to SQL: How many cats are there?"));
    }

    @Test
    void anEmptyBaselineReplyHoldsNoSql() {
        assertThat(answer(PromptStrategy.BASELINE, model.says(" ")).outcome())
                .isEqualTo(Outcome.NO_SQL);
    }

    @Test
    void contextOverflowEndsTheQuestion() {
        QuestionLedger ledger = answer(model.fails(Kind.CONTEXT_OVERFLOW, null));
        assertThat(ledger.outcome()).isEqualTo(Outcome.CONTEXT_OVERFLOW);
        assertThat(ledger.jsonHonoured()).isNull();
        assertThat(ledger.promptTokens()).isNull();
        assertThat(ledger.turns().getFirst().failure()).isEqualTo("scripted CONTEXT_OVERFLOW");
        assertThat(ledger.turns().getFirst().cost().requestId()).isEqualTo("request-1");
    }

    @Test
    void aModelThatFailsDuringRepairKeepsTheSqlItGave() {
        QuestionLedger ledger = answer(model.saysSql("SELECT x").fails(Kind.FATAL, null));
        assertThat(ledger.outcome()).isEqualTo(Outcome.MODEL_FAILED);
        assertThat(ledger.finalSql()).isEqualTo("SELECT x");
        assertThat(ledger.executable()).isFalse();
    }

    @Test
    void followUpsSeeTheLastSixExchanges() {
        List<Exchange> history =
                IntStream.range(0, 9)
                        .mapToObj(i -> new Exchange("Q" + i, "SELECT " + i, "R" + i))
                        .toList();
        agent(AgentSettings.of(PromptStrategy.AGENT), model.saysSql(COUNT))
                .answer(QUESTION, history);
        List<Message> prompt = model.prompts.getFirst();
        assertThat(prompt).hasSize(14);
        assertThat(prompt.get(1).content()).isEqualTo("Q3");
        assertThat(prompt.get(2).content())
                .isEqualTo("{\"sql\": \"SELECT 3\", \"rationale\": \"R3\"}");
        assertThat(prompt.getLast().content()).isEqualTo(QUESTION.text());
    }

    @Test
    void theRowsOfAnAnswerAreComparedWithTheGoldRows() {
        List<List<Cell>> gold = List.of(List.of(new Cell.Whole(3)));
        AgentAnswer right = withRows(model.saysSql(COUNT));
        assertThat(right.judged(gold, false).correctBag()).isTrue();
        assertThat(right.judged(gold, true).correctSet()).isTrue();
        AgentAnswer doubled = withRows(model.saysSql(COUNT + " UNION ALL " + COUNT));
        assertThat(doubled.judged(gold, false).correctBag()).isFalse();
        assertThat(doubled.judged(gold, false).correctSet()).isTrue();
        AgentAnswer none = withRows(model.fails(Kind.FATAL, null));
        assertThat(none.judged(List.of(), false).correctBag()).isFalse();
    }

    @Test
    void refusalsToTheEndOfTheScheduleEndTheQuestion() {
        for (int i = 0; i < 5; i++) {
            model.fails(Kind.UNAVAILABLE_TEMPORARILY, null);
        }
        QuestionLedger ledger = answer(model);
        assertThat(ledger.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ledger.modelNanos()).isZero();
        assertThat(ledger.turns().getFirst().cost().requestId()).isNull();
        assertThat(ledger.turns().getFirst().cost().refusedRequestIds()).hasSize(5);
    }

    @Test
    void onlyAnsweredQuestionsBecomeHistory() {
        QuestionLedger good = answer(model.saysSql(COUNT));
        assertThat(Exchange.of("Q?", good)).contains(new Exchange("Q?", COUNT, "Because."));
        QuestionLedger bad = answer(PromptStrategy.SINGLE_SHOT, model.saysSql("SELECT x"));
        assertThat(Exchange.of("Q?", bad)).isEqualTo(Optional.empty());
    }

    @Test
    void theFirstTurnIsTrimmedAndRepairsSeeTheWholeSchema() {
        AgentSettings settings =
                new AgentSettings(
                        PromptStrategy.AGENT,
                        SchemaStyle.COMPACT,
                        true,
                        2,
                        1024,
                        6,
                        AgentSettings.DEFAULT_BACKOFF);
        AgentQuestion question = new AgentQuestion("q", "simple", "Which owner has most cats?");
        QuestionLedger ledger =
                agent(settings, model.saysSql("SELECT x").saysSql(COUNT))
                        .answer(question, List.of());
        assertThat(model.prompts.get(0).getFirst().content())
                .endsWith(
                        "Schema:\n"
                                + "Cat(CatId:integer[pk], Name:text,"
                                + " OwnerId:integer[fk→owner.OwnerId])\n"
                                + "Owner(OwnerId:integer[pk], Name:text)");
        assertThat(model.prompts.get(1).getFirst().content()).contains("\nToy(");
        assertThat(ledger.turns().get(1).newMessages())
                .extracting(Turn.Line::role)
                .containsExactly("system", "assistant", "user");
    }

    @Test
    void aFollowUpIsTrimmedByTheEarlierQuestionsToo() {
        AgentSettings settings =
                new AgentSettings(
                        PromptStrategy.SINGLE_SHOT,
                        SchemaStyle.COMPACT,
                        true,
                        0,
                        1024,
                        6,
                        AgentSettings.DEFAULT_BACKOFF);
        List<Exchange> history = List.of(new Exchange("Which owners have cats?", "SELECT 1", null));
        agent(settings, model.saysSql(COUNT))
                .answer(new AgentQuestion("q", "simple", "And how many toys?"), history);
        assertThat(model.prompts.getFirst().getFirst().content())
                .contains("\nOwner(", "\nCat(", "\nToy(");
        agent(settings, model.saysSql(COUNT))
                .answer(new AgentQuestion("q", "simple", "And the oldest?"), history);
        assertThat(model.prompts.getLast().getFirst().content())
                .contains("\nOwner(", "\nCat(")
                .doesNotContain("Toy");
    }

    @Test
    void ddlStyleShowsTheCreateStatements() {
        AgentSettings settings =
                new AgentSettings(
                        PromptStrategy.SINGLE_SHOT,
                        SchemaStyle.DDL,
                        false,
                        0,
                        1024,
                        0,
                        AgentSettings.DEFAULT_BACKOFF);
        agent(settings, model.saysSql(COUNT)).answer(QUESTION, List.of());
        assertThat(model.prompts.getFirst().getFirst().content())
                .contains("Schema:\nCREATE TABLE Cat (")
                .endsWith(";");
    }

    private QuestionLedger answer(ScriptedModel scripted) {
        return answer(PromptStrategy.AGENT, scripted);
    }

    private QuestionLedger answer(PromptStrategy strategy, ScriptedModel scripted) {
        return agent(AgentSettings.of(strategy), scripted).answer(QUESTION, List.of());
    }

    private AgentAnswer withRows(ScriptedModel scripted) {
        return agent(AgentSettings.of(PromptStrategy.AGENT), scripted)
                .answerWithRows(QUESTION, List.of());
    }

    private TextToSqlAgent agent(AgentSettings settings, ScriptedModel scripted) {
        return new TextToSqlAgent(scripted, cats.target(), settings, scripted.time, new Random(7));
    }

    private static SqlExecution.Kind kindOfFirst(QuestionLedger ledger) {
        return Objects.requireNonNull(ledger.turns().getFirst().execution()).kind();
    }
}
