package io.rackmark.runner.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.data.Question;
import io.rackmark.data.QuestionSet;
import io.rackmark.engine.remote.provider.Providers;
import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.PlanReader;
import io.rackmark.runner.report.RunReport;
import io.rackmark.runner.report.RunSummary;
import io.rackmark.runner.report.SystemSummary;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.Benchmark;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.RemoteStock;
import io.rackmark.runner.run.ResolvedPlan;
import io.rackmark.runner.run.Resolver;
import io.rackmark.runner.run.ResultLookup;
import io.rackmark.runner.run.SqlStock;
import io.rackmark.runner.store.ResultStore;
import io.rackmark.runner.store.RunExport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs against a real HTTP server on loopback. */
@SuppressWarnings("StringConcatToTextBlock")
class RemoteRunTest {
    private static final String KEY = "sk-planted-77e1d0ac";

    @TempDir private Path folder;
    private Home home = new Home(Path.of("."), Path.of("."), Path.of("."), Path.of("."));

    @BeforeEach
    void makeHome() throws Exception {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        home = new Home(folder, folder.resolve("dist"), cache, folder.resolve("results.db"));
    }

    @Test
    void anEndpointIsAskedByTheSameAgentAndItsKeyIsStoredNowhere() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server =
                        ScriptedServer.start(
                                ServerSocketFactory.getDefault(),
                                request -> answer(request, asked.incrementAndGet()));
                ResultStore store = ResultStore.open(home.store())) {
            RunRecord run = run(store, server.url(), sql(3));

            CellRecord cell = store.cells(run.id()).getFirst();
            assertThat(cell.state()).as("%s", cell.failure()).isEqualTo(CellRecord.State.DONE);
            assertThat(cell.lifeCycle()).isNull();
            assertThat(cell.memory()).isNull();
            assertThat(cell.flags()).extracting(Flag::kind).containsExactly(Flag.Kind.RETRIES);
            assertThat(cell.facts().toString()).contains("2026-01-02", "m-served");
            requestsAreStoredWithAllTheirTimes(store.requests(run.id()));
            RunSummary summary = ResultLookup.summary(store, run);
            figuresAreThoseOfTheScript(summary.systems().getFirst());
            String report = RunReport.of(summary);
            assertThat(report).contains("$/1k", "asked again").doesNotContain(KEY);
            assertThat(report.lines().filter(l -> !l.startsWith("!")))
                    .allMatch(line -> line.length() <= 100);
            Path export = folder.resolve("run.json");
            RunExport.write(store, run.id(), export);
            assertThat(RunExport.read(export).requests()).isEqualTo(store.requests(run.id()));
            assertThat(server.requests().getFirst().headers())
                    .containsEntry("authorization", "Bearer " + KEY);
        }
        theKeyStandsInNoFile();
    }

    private static void requestsAreStoredWithAllTheirTimes(List<RequestRecord> requests) {
        assertThat(requests).hasSize(5); // the first, a refused one, three answers
        assertThat(requests)
                .extracting(RequestRecord::state)
                .containsOnlyOnce(RequestRecord.State.FAILED);
        RequestRecord last = requests.getLast();
        RemoteTrace trace = Objects.requireNonNull(last.remote());
        assertThat(last.promptTokens()).isEqualTo(1000);
        assertThat(last.outputTokens()).isEqualTo(20);
        assertThat(last.tokenNanos()).hasSize(3);
        assertThat(trace.reusedConnection()).isTrue();
        assertThat(trace.headersNanos()).isPositive();
        assertThat(trace.roundTripNanos()).isPositive();
        assertThat(trace.firstAnswerNanos())
                .isGreaterThan(last.tokenNanos().getFirst() - last.sentNanos());
        assertThat(trace.endNanos()).isGreaterThan(last.tokenNanos().getLast() - last.sentNanos());
        assertThat(trace.cachedTokens()).isEqualTo(600);
        assertThat(trace.dollars()).isEqualTo((400 * 1.0 + 600 * 0.1 + 20 * 4.0) / 1e6);
    }

    private static void figuresAreThoseOfTheScript(SystemSummary system) {
        assertThat(system.system().id()).isEqualTo("acme/m/served");
        assertThat(value(system, "ex_bag", "proportion")).isEqualTo(1.0);
        assertThat(system.figure("ex_bag_clean", "proportion").orElseThrow().n()).isEqualTo(2);
        assertThat(value(system, "refused_requests", "total")).isEqualTo(1);
        assertThat(value(system, "backoff_time", "total")).isPositive();
        assertThat(value(system, "cached_prompt_tokens", "proportion")).isEqualTo(0.6);
        assertThat(value(system, "cost_per_query", "ratio"))
                .isEqualTo((400 * 1.0 + 600 * 0.1 + 20 * 4.0) / 1e6);
        assertThat(system.figure("peak_rss", "max").orElseThrow().reason())
                .isEqualTo("runs elsewhere");
    }

    private static double value(SystemSummary system, String metric, String statistic) {
        return Objects.requireNonNull(system.figure(metric, statistic).orElseThrow().value());
    }

    private void theKeyStandsInNoFile() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes.contains(KEY)).as("%s", file).isFalse();
            }
        }
    }

    @Test
    void aModelThatIsNotServedIsUnavailableAndNotWrong() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.always(
                                ScriptedReply.json(
                                        404, "{\"error\":{\"message\":\"model m not found\"}}"));
                ResultStore store = ResultStore.open(home.store())) {
            RunRecord run = run(store, server.url(), sql(2));
            CellRecord cell = store.cells(run.id()).getFirst();
            assertThat(Objects.requireNonNull(cell.failure()).kind()).isEqualTo("NO_SUCH_MODEL");
            assertThat(store.questions(run.id())).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void theSpeedWorkloadSendsTextsThatNoCacheKnows() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(events("{}"));
                ResultStore store = ResultStore.open(home.store())) {
            Plan plan =
                    PlanReader.parse(
                            "p",
                            "systems: [{provider: acme, url: '%s', model: m}]\nspeed: {repeats: 1, requests: 12, warm-ups: 0}\n"
                                    .formatted(server.url()));
            RunRecord run = run(store, plan);
            SystemSummary system = ResultLookup.summary(store, run).systems().getFirst();
            assertThat(value(system, "ttft", "p50")).isPositive();
            assertThat(system.figure("prefill_speed", "mean").orElseThrow().value()).isNull();
            assertThat(server.requests())
                    .extracting(ScriptedServer.Request::body)
                    .doesNotHaveDuplicates();
            RequestRecord last = store.requests(run.id()).getLast();
            double span = last.tokenNanos().getLast() - last.tokenNanos().getFirst();
            assertThat(value(system, "itl", "mean")).isPositive();
            assertThat(span).isPositive(); // 3 events, 20 tokens: the tokens count
        }
    }

    @Test
    void withoutAKeyASystemIsSkippedWithTheVariableToSet() {
        Plan plan =
                PlanReader.parse(
                        "p",
                        "systems:\n"
                                + "  - {provider: fireworks, model: a/b/c}\n"
                                + "  - {provider: ollama, model: m}\n"
                                + "speed: {repeats: 1}\n");
        ResolvedPlan resolved = resolver(Map.of()).resolve(plan);
        assertThat(resolved.skipped())
                .containsExactly("fireworks/c/served needs a key; set FIREWORKS_API_KEY");
        assertThat(resolved.subjects()).extracting(s -> s.id()).containsExactly("ollama/m/served");
        assertThatThrownBy(
                        () ->
                                resolver(Map.of())
                                        .resolve(plan.withSystems(plan.systems().subList(0, 1))))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("FIREWORKS_API_KEY");
    }

    @Test
    void faultsOfEndpointsAreToldBeforeTheRun() {
        Plan plan =
                PlanReader.parse(
                        "p",
                        "systems:\n"
                                + "  - {provider: nobody, model: m}\n"
                                + "  - {url: 'ftp://x', model: m}\n"
                                + "speed: {repeats: 1}\n");
        assertThatThrownBy(() -> resolver(Map.of()).resolve(plan))
                .hasMessageContaining("unknown provider 'nobody'")
                .hasMessageContaining("http(s)://");
        assertThatThrownBy(
                        () ->
                                PlanReader.parse(
                                        "p", "systems: [{provider: groq, model: m, threads: 2}]"))
                .hasMessageContaining("threads");
        Plan nameless = PlanReader.parse("p", "systems: [{provider: groq}]\nspeed: {repeats: 1}\n");
        assertThatThrownBy(() -> resolver(Map.of()).resolve(nameless))
                .hasMessageContaining("names no model");
    }

    private static Plan sql(int limit) {
        return PlanReader.parse(
                "p",
                "systems: [{provider: acme, url: 'URL', model: m}]\nsql: {limit: %d}\n"
                        .formatted(limit));
    }

    private RunRecord run(ResultStore store, String url, Plan plan) throws Exception {
        return run(
                store,
                PlanReader.parse(
                        "p",
                        "systems: [{provider: acme, url: '%s', model: m}]\nsql: {limit: %d}\n"
                                .formatted(url, Objects.requireNonNull(plan.sql()).limit())));
    }

    private RunRecord run(ResultStore store, Plan plan) {
        EngineInventory engines = new EngineInventory(home);
        ResolvedPlan resolved = resolver(Map.of("ACME_API_KEY", KEY)).resolve(plan);
        return new Benchmark(store, engines, home, new Endpoints.Silence()).run(resolved, "test");
    }

    private Resolver resolver(Map<String, String> environment) {
        Path file = folder.resolve("providers.yaml");
        try {
            Files.writeString(
                    file,
                    """
                    providers:
                      acme:
                        title: Acme
                        key: ACME_API_KEY
                        models:
                          m:
                            price: {input: 1.0, cached-input: 0.1, output: 4.0, as-of: 2026-01-02, source: list}
                    """);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Resolver(
                new EngineInventory(home),
                new ModelStock(
                        home,
                        what -> {
                            throw new IllegalStateException(what + " is not for conversion");
                        }),
                new SqlStock(home),
                new RemoteStock(Providers.with(file), environment),
                system -> system);
    }

    /** The second request is refused; the others are answered with the gold SQL. */
    private static ScriptedReply answer(ScriptedServer.Request request, int number) {
        if (number == 2) {
            return ScriptedReply.json(429, "{}", "retry-after-ms: 1");
        }
        String body = new JsonMapper().readTree(request.body()).path("messages").toString();
        String gold =
                QuestionSet.read(Defaults.QUESTIONS).questions().stream()
                        .filter(q -> body.contains(escaped(q.text())))
                        .map(Question::gold)
                        .map(g -> g instanceof Question.Gold.Sql sql ? sql.sql() : "SELECT 1")
                        .findFirst()
                        .orElse("SELECT 1");
        return events(new JsonMapper().createObjectNode().put("sql", gold).toString());
    }

    private static String escaped(String text) {
        String quoted = new JsonMapper().writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** A thought, two pieces of an answer, and the server's own count. */
    private static ScriptedReply events(String answer) {
        int half = answer.length() / 2;
        return new ScriptedReply.Stream()
                .send(piece("reasoning_content", "hm"))
                .pause(java.time.Duration.ofMillis(1))
                .send(piece("content", answer.substring(0, half)))
                .pause(java.time.Duration.ofMillis(1))
                .send(piece("content", answer.substring(half)))
                .send(
                        "data:"
                            + " {\"model\":\"m-served\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
                .send(
                        "data:"
                            + " {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":20,\"prompt_tokens_details\":{\"cached_tokens\":600}}}\n\n"
                            + "data: [DONE]\n\n")
                .end();
    }

    private static String piece(String member, String text) {
        return "data: {\"choices\":[{\"delta\":{\"%s\":%s}}]}\n\n"
                .formatted(member, new JsonMapper().writeValueAsString(text));
    }
}
