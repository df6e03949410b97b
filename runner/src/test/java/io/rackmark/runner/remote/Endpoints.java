package io.rackmark.runner.remote;

import io.rackmark.data.Question;
import io.rackmark.data.QuestionSet;
import io.rackmark.engine.remote.provider.Providers;
import io.rackmark.engine.testkit.ScriptedReply;
import io.rackmark.engine.testkit.ScriptedServer;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.PlanReader;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.run.Benchmark;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import io.rackmark.runner.run.ProbeTime;
import io.rackmark.runner.run.RemoteStock;
import io.rackmark.runner.run.ResolvedPlan;
import io.rackmark.runner.run.Resolver;
import io.rackmark.runner.run.RunView;
import io.rackmark.runner.run.SqlStock;
import io.rackmark.runner.run.StoredPlan;
import io.rackmark.runner.store.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs in a folder of their own, against servers on loopback that know the gold answers. */
final class Endpoints {
    private static final JsonMapper JSON = new JsonMapper();

    private final Home home;

    Endpoints(Path folder) throws IOException {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        home = new Home(folder, folder.resolve("dist"), cache, folder.resolve("results.db"));
    }

    ResultStore store() {
        return ResultStore.open(home.store());
    }

    RunRecord run(ResultStore store, String plan, RunView view, ProbeTime time) {
        ResolvedPlan resolved = resolver().resolve(PlanReader.parse("p", plan));
        return benchmark(store, view, time).run(resolved, "test");
    }

    RunRecord resume(ResultStore store, RunView view, ProbeTime time) {
        RunRecord run = store.find("latest");
        ResolvedPlan resolved = resolver().resolve(StoredPlan.of(run));
        return benchmark(store, view, time).resume(resolved, run, false);
    }

    private Benchmark benchmark(ResultStore store, RunView view, ProbeTime time) {
        return new Benchmark(store, new EngineInventory(home), home, view, time);
    }

    private Resolver resolver() {
        return new Resolver(
                new EngineInventory(home),
                new ModelStock(
                        home,
                        what -> {
                            throw new IllegalStateException(what + " is not for conversion");
                        }),
                new SqlStock(home),
                new RemoteStock(Providers.builtIn(), Map.of()),
                system -> system);
    }

    /** The gold SQL of the question in the request, in two events. */
    static ScriptedReply right(ScriptedServer.Request request, Duration between) {
        String body = JSON.readTree(request.body()).path("messages").toString();
        String gold =
                QuestionSet.read(Defaults.QUESTIONS).questions().stream()
                        .filter(q -> body.contains(escaped(q.text())))
                        .map(Question::gold)
                        .map(g -> g instanceof Question.Gold.Sql sql ? sql.sql() : "SELECT 1")
                        .findFirst()
                        .orElse("SELECT 1");
        String answer = JSON.createObjectNode().put("sql", gold).toString();
        int half = answer.length() / 2;
        return new ScriptedReply.Stream()
                .send(content(answer.substring(0, half)))
                .pause(between)
                .send(content(answer.substring(half)))
                .send("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
                .send(
                        "data:"
                            + " {\"choices\":[],\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":20}}\n\n"
                            + "data: [DONE]\n\n")
                .end();
    }

    private static String content(String text) {
        return "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n"
                .formatted(JSON.writeValueAsString(text));
    }

    private static String escaped(String text) {
        String quoted = JSON.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** Shows nothing. */
    static class Silence implements RunView {
        @Override
        public void begun(RunRecord run, int cells) {}

        @Override
        public void cellBegun(CellKey cell, int steps) {}

        @Override
        public void cellEnded(CellRecord cell) {}

        @Override
        public void step(CellKey cell, String label) {}
    }
}
