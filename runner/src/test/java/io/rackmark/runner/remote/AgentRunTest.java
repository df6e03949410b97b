package io.rackmark.runner.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import io.rackmark.runner.report.LevelSummary;
import io.rackmark.runner.report.RunReport;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.result.AgentLabel;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.ProbeTime;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.store.ResultStore;
import io.rackmark.runner.store.RunExport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent under load, against a real HTTP server on loopback. */
class AgentRunTest {
    private static final Duration ANSWER = Duration.ofMillis(40);

    @TempDir private Path folder;

    @Test
    void everyLevelAsksAllQuestionsOfAllRoundsWithSoManyAtATime() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        try (ScriptedServer server = server();
                ResultStore store = endpoints.store()) {
            RunRecord run =
                    endpoints.run(store, plan(server, "1, 4", 4, 3), view(), ProbeTime.SYSTEM);

            CellRecord cell = store.cells(run.id()).getFirst();
            assertThat(cell.state()).as("%s", cell.failure()).isEqualTo(CellRecord.State.DONE);
            assertThat(cell.fact(CellRecord.BEGUN)).isPresent();
            List<QuestionLedger> ledgers = ledgers(store, run);
            assertThat(ledgers).hasSize(2 * 4 * 3).allMatch(l -> l.startedNanos() != null);
            assertThat(ledgers)
                    .extracting(l -> AgentLabel.of(l.questionId()).orElseThrow().users())
                    .isSorted();
            assertThat(mostAtATime(store.requests(run.id()), 1)).isEqualTo(1);
            assertThat(mostAtATime(store.requests(run.id()), 4)).isEqualTo(4);

            RunSummary summary = ResultLookup.summary(store, run);
            List<LevelSummary> levels = summary.systems().getFirst().levels();
            assertThat(levels).extracting(LevelSummary::users).containsExactly(1, 4);
            assertThat(levels).extracting(LevelSummary::questions).containsExactly(12, 12);
            for (LevelSummary level : levels) {
                assertThat(value(level, "ex_bag", "proportion")).isEqualTo(1);
                assertThat(value(level, "error_rate", "proportion")).isZero();
                assertThat(value(level, "agent_latency", "p50")).isGreaterThanOrEqualTo(40);
                assertThat(level.figure("agent_latency", "p90").orElseThrow().reason())
                        .isEqualTo("needs n >= 64, have 12");
            }
            assertThat(value(levels.get(1), "correct_per_minute", "rate"))
                    .isGreaterThan(1.5 * value(levels.get(0), "correct_per_minute", "rate"));
            String report = RunReport.of(summary);
            assertThat(report).contains("users  answers").contains("right/min");
            assertThat(report.lines().filter(l -> !l.startsWith("!")))
                    .allMatch(line -> line.length() <= 100);
            Path export = folder.resolve("run.json");
            RunExport.write(store, run.id(), export);
            assertThat(RunExport.read(export).questions()).isEqualTo(store.questions(run.id()));
        }
    }

    @Test
    void anInterruptedLevelIsMeasuredAgainAsAWholeAndAFinishedOneIsNot() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        try (ScriptedServer server = server();
                ResultStore store = endpoints.store()) {
            AtomicInteger steps = new AtomicInteger();
            Endpoints.Silence interrupting =
                    new Endpoints.Silence() {
                        @Override
                        public void step(CellKey cell, String label) {
                            if (label.startsWith("c2") && steps.incrementAndGet() > 4) {
                                throw new IllegalStateException("pulled the plug");
                            }
                        }
                    };
            assertThatThrownBy(
                            () ->
                                    endpoints.run(
                                            store,
                                            plan(server, "1, 2", 4, 1),
                                            interrupting,
                                            ProbeTime.SYSTEM))
                    .hasMessage("pulled the plug");
            assertThat(store.find("latest").state()).isEqualTo(RunRecord.State.INTERRUPTED);
            int before = ledgers(store, store.find("latest")).size();
            assertThat(before).isBetween(5, 7);

            RunRecord run = endpoints.resume(store, view(), ProbeTime.SYSTEM);

            assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
            List<QuestionLedger> ledgers = ledgers(store, run);
            assertThat(ledgers).hasSize(before + 4);
            assertThat(ledgers.subList(before, before + 4))
                    .allMatch(l -> l.questionId().startsWith("c2/r1~2/"));
            List<LevelSummary> levels =
                    ResultLookup.summary(store, run).systems().getFirst().levels();
            assertThat(levels).extracting(LevelSummary::questions).containsExactly(4, 4);
        }
    }

    @Test
    void refusedQuestionsAreErrorsAndAModelThatIsNotThereEndsTheCell() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        try (ScriptedServer server =
                        ScriptedServer.always(
                                ScriptedReply.json(
                                        404, "{\"error\":{\"message\":\"model m not found\"}}"));
                ResultStore store = endpoints.store()) {
            RunRecord run = endpoints.run(store, plan(server, "3", 4, 1), view(), ProbeTime.SYSTEM);

            CellRecord cell = store.cells(run.id()).getFirst();
            assertThat(Objects.requireNonNull(cell.failure()).kind()).isEqualTo("NO_SUCH_MODEL");
            assertThat(ledgers(store, run)).isEmpty();
        }
    }

    @Test
    void aPacedEndpointIsAskedEvenlyAndTheWaitIsInNoLatency() throws Exception {
        Endpoints endpoints = new Endpoints(folder);
        Duration pace = Duration.ofMillis(100); // 600 requests per minute
        try (ScriptedServer server =
                        ScriptedServer.start(
                                ServerSocketFactory.getDefault(),
                                request -> Endpoints.right(request, Duration.ZERO));
                ResultStore store = endpoints.store()) {
            RunRecord run =
                    endpoints.run(
                            store,
                            "systems: [{url: '%s', model: m, rpm: 600}]\nsql: {limit: 4}\n"
                                    .formatted(server.url()),
                            view(),
                            ProbeTime.SYSTEM);

            List<RequestRecord> requests = store.requests(run.id());
            for (int i = 1; i < requests.size(); i++) {
                assertThat(requests.get(i).sentNanos() - requests.get(i - 1).sentNanos())
                        .isGreaterThanOrEqualTo(pace.toNanos() * 9 / 10);
            }
            long paced =
                    requests.stream()
                            .mapToLong(r -> nanos(Objects.requireNonNull(r.remote()).pacedNanos()))
                            .sum();
            assertThat(paced).isPositive();
            for (QuestionLedger ledger : ledgers(store, run)) {
                assertThat(
                                ledger.modelNanos()
                                        + ledger.sqlNanos()
                                        + ledger.backoffNanos()
                                        + ledger.otherNanos())
                        .isEqualTo(ledger.totalNanos());
                assertThat(nanos(ledger.endedNanos()) - nanos(ledger.startedNanos()))
                        .isEqualTo(ledger.totalNanos() + nanos(ledger.pacedNanos()));
            }
            assertThat(store.cells(run.id()).getFirst().facts().toString())
                    .contains("600 requests per minute");
            assertThat(
                            ResultLookup.summary(store, run)
                                    .systems()
                                    .getFirst()
                                    .figure("paced_time", "total")
                                    .orElseThrow()
                                    .value())
                    .isPositive();
        }
    }

    private static long nanos(@org.jspecify.annotations.Nullable Long value) {
        return Objects.requireNonNull(value);
    }

    private static double value(LevelSummary level, String metric, String statistic) {
        return Objects.requireNonNull(level.figure(metric, statistic).orElseThrow().value());
    }

    /** Most requests of a level that were under way together. */
    private static long mostAtATime(List<RequestRecord> requests, int users) {
        List<RequestRecord> mine =
                requests.stream().filter(r -> r.label().startsWith("c" + users + "/")).toList();
        return mine.stream()
                .mapToLong(
                        one ->
                                mine.stream()
                                        .filter(r -> r.sentNanos() <= one.sentNanos())
                                        .filter(r -> end(r) > one.sentNanos())
                                        .count())
                .max()
                .orElse(0);
    }

    private static long end(RequestRecord request) {
        return request.sentNanos() + Objects.requireNonNull(request.remote()).endNanos();
    }

    private static List<QuestionLedger> ledgers(ResultStore store, RunRecord run) {
        return store.questions(run.id()).stream().map(QuestionRecord::ledger).toList();
    }

    private static ScriptedServer server() throws Exception {
        return ScriptedServer.start(
                ServerSocketFactory.getDefault(), request -> Endpoints.right(request, ANSWER));
    }

    private static Endpoints.Silence view() {
        return new Endpoints.Silence();
    }

    private static String plan(ScriptedServer server, String users, int limit, int rounds) {
        return "systems: [{url: '%s', model: m}]\nagent: {concurrency: [%s], limit: %d, rounds: %d}\n"
                .formatted(server.url(), users, limit, rounds);
    }
}
