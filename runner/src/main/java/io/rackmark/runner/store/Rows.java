package io.rackmark.runner.store;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.Memory;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Records to rows and back; the tables are described in the {@code .sql} resources. */
record Rows(Database database) {
    private static final TypeReference<List<Flag>> FLAGS = new TypeReference<>() {};
    private static final TypeReference<List<Property>> PROPERTIES = new TypeReference<>() {};

    void insert(RunRecord run, String plan) throws SQLException {
        database.update(
                """
                INSERT INTO run (id, metrics_version, rackmark_version, started, ended, state, plan,
                    environment, flags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                run.id(),
                run.metricsVersion(),
                run.rackmarkVersion(),
                run.started().toString(),
                run.ended() == null ? null : run.ended().toString(),
                run.state().name(),
                plan,
                RecordJson.write(run.environment()),
                RecordJson.write(run.flags()));
        for (int i = 0; i < run.systems().size(); i++) {
            insert(run.id(), i, run.systems().get(i));
        }
    }

    private void insert(String runId, int position, SystemUnderTest system) throws SQLException {
        database.update(
                """
                INSERT INTO system (run, id, position, engine, model, precision, model_sha256,
                    weights_sha256, synthetic, options) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                runId,
                system.id(),
                position,
                system.engine(),
                system.model(),
                system.precision(),
                system.modelSha256(),
                system.weightsSha256(),
                system.synthetic() ? 1 : 0,
                RecordJson.write(system.options()));
    }

    void upsert(String runId, CellRecord cell) throws SQLException {
        database.update(
                """
                INSERT INTO cell (run, system, workload, repeat, position, state, life_cycle, memory,
                    failure, facts, flags)
                VALUES (?1, ?2, ?3, ?4,
                    (SELECT coalesce(max(position) + 1, 0) FROM cell WHERE run = ?1),
                    ?5, ?6, ?7, ?8, ?9, ?10)
                ON CONFLICT (run, system, workload, repeat) DO UPDATE SET
                    state = excluded.state, life_cycle = excluded.life_cycle,
                    memory = excluded.memory, failure = excluded.failure,
                    facts = excluded.facts, flags = excluded.flags
                """,
                runId,
                cell.key().system(),
                cell.key().workload(),
                cell.key().repeat(),
                cell.state().name(),
                RecordJson.write(cell.lifeCycle()),
                RecordJson.write(cell.memory()),
                RecordJson.write(cell.failure()),
                RecordJson.write(cell.facts()),
                RecordJson.write(cell.flags()));
    }

    void insert(String runId, RequestRecord request) throws SQLException {
        List<Long> tokens = request.tokenNanos();
        long sent = request.sentNanos();
        database.update(
                """
                INSERT INTO request (run, system, workload, repeat, label, attempt, phase, state,
                    sent_nanos, first_token_nanos, last_token_nanos, token_nanos, prompt_tokens,
                    prompt_sha256, output_tokens, finish, phases, gc_pause_nanos, error, remote)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                runId,
                request.cell().system(),
                request.cell().workload(),
                request.cell().repeat(),
                request.label(),
                request.attempt(),
                request.phase().name(),
                request.state().name(),
                sent,
                tokens.isEmpty() ? null : tokens.getFirst() - sent,
                tokens.isEmpty() ? null : tokens.getLast() - sent,
                TokenTimes.encode(sent, tokens),
                request.promptTokens(),
                request.promptSha256(),
                request.outputTokens(),
                request.finish(),
                RecordJson.write(request.phases()),
                request.gcPauseNanos(),
                request.error(),
                RecordJson.write(request.remote()));
    }

    void insert(String runId, QuestionRecord question) throws SQLException {
        database.update(
                """
                INSERT INTO question (run, system, workload, repeat, question_id, ledger)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                runId,
                question.cell().system(),
                question.cell().workload(),
                question.cell().repeat(),
                question.ledger().questionId(),
                RecordJson.write(question.ledger()));
    }

    List<RunRecord> runs() {
        return database.query("SELECT * FROM run ORDER BY started DESC, id DESC", this::run);
    }

    List<SystemUnderTest> systems(String runId) {
        return database.query(
                "SELECT * FROM system WHERE run = ? ORDER BY position", Rows::system, runId);
    }

    List<CellRecord> cells(String runId) {
        return database.query(
                "SELECT * FROM cell WHERE run = ? ORDER BY position", Rows::cell, runId);
    }

    List<RequestRecord> requests(String runId) {
        return database.query(
                "SELECT * FROM request WHERE run = ? ORDER BY id", Rows::request, runId);
    }

    List<QuestionRecord> questions(String runId) {
        return database.query(
                "SELECT * FROM question WHERE run = ? ORDER BY id", Rows::question, runId);
    }

    private RunRecord run(ResultSet row) throws SQLException {
        String id = row.getString("id");
        @Nullable String ended = row.getString("ended");
        return new RunRecord(
                id,
                row.getInt("metrics_version"),
                row.getString("rackmark_version"),
                instant(row.getString("started")),
                ended == null ? null : instant(ended),
                RunRecord.State.valueOf(row.getString("state")),
                row.getString("plan"),
                systems(id),
                RecordJson.read(row.getString("environment"), Environment.class),
                RecordJson.readList(row.getString("flags"), FLAGS));
    }

    private static SystemUnderTest system(ResultSet row) throws SQLException {
        return new SystemUnderTest(
                row.getString("id"),
                row.getString("engine"),
                row.getString("model"),
                row.getString("precision"),
                row.getString("model_sha256"),
                row.getString("weights_sha256"),
                row.getInt("synthetic") != 0,
                options(row.getString("options")));
    }

    private static Map<String, String> options(String json) {
        return RecordJson.STORED.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    }

    private static CellKey key(ResultSet row) throws SQLException {
        return new CellKey(
                row.getString("system"), row.getString("workload"), row.getInt("repeat"));
    }

    private static CellRecord cell(ResultSet row) throws SQLException {
        return new CellRecord(
                key(row),
                CellRecord.State.valueOf(row.getString("state")),
                RecordJson.readNullable(row.getString("life_cycle"), LifeCycle.class),
                RecordJson.readNullable(row.getString("memory"), Memory.class),
                RecordJson.readNullable(row.getString("failure"), CellRecord.Failure.class),
                RecordJson.readList(row.getString("facts"), PROPERTIES),
                RecordJson.readList(row.getString("flags"), FLAGS));
    }

    private static RequestRecord request(ResultSet row) throws SQLException {
        long sent = row.getLong("sent_nanos");
        long gcPause = row.getLong("gc_pause_nanos");
        @Nullable Long gcPauseNanos = row.wasNull() ? null : gcPause;
        return new RequestRecord(
                key(row),
                row.getString("label"),
                row.getInt("attempt"),
                RequestRecord.Phase.valueOf(row.getString("phase")),
                RequestRecord.State.valueOf(row.getString("state")),
                sent,
                TokenTimes.decode(sent, row.getBytes("token_nanos")),
                count(row, "prompt_tokens"),
                row.getString("prompt_sha256"),
                count(row, "output_tokens"),
                row.getString("finish"),
                RecordJson.readNullable(row.getString("phases"), RequestRecord.Phases.class),
                gcPauseNanos,
                row.getString("error"),
                RecordJson.readNullable(row.getString("remote"), RemoteTrace.class));
    }

    private static @Nullable Integer count(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : (Integer) value;
    }

    private static QuestionRecord question(ResultSet row) throws SQLException {
        return new QuestionRecord(
                key(row), RecordJson.read(row.getString("ledger"), QuestionLedger.class));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'%s' is not an instant".formatted(text), e);
        }
    }
}
