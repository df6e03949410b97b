package io.rackmark.runner.store;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs in one SQLite file. Every writing method returns after its commit has reached the disk.
 * Thread-safe; other processes may read, and write other runs, at the same time.
 */
public final class ResultStore implements AutoCloseable {
    private final Database database;

    private ResultStore(Database database) {
        this.database = database;
    }

    /** Opens a store, creates it where there is none and brings an older one up to date. */
    public static ResultStore open(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        createDirectory(absolute);
        if (Files.isDirectory(absolute)) {
            throw new StoreException(
                    "%s is a directory; name a file for the result store with --store."
                            .formatted(absolute));
        }
        Database database = Database.open(absolute);
        try {
            Migrations.apply(database);
        } catch (StoreException e) {
            database.close();
            throw e;
        }
        return new ResultStore(database);
    }

    /** Opens a store that must be there already. */
    public static ResultStore openExisting(Path file) {
        if (!Files.exists(file)) {
            throw new StoreException(
                    "There is no result store at %s; `rackmark run` makes one, --store names another."
                            .formatted(file.toAbsolutePath().normalize()));
        }
        return open(file);
    }

    /** Absolute path of the store. */
    public Path file() {
        return database.file();
    }

    /**
     * Begins a run with all its cells pending, in the order in which they will run. The plan is
     * kept without insignificant white space.
     */
    public void create(RunRecord run, List<CellKey> cells) {
        RunId.require(run.id());
        Rows rows = new Rows(database);
        String plan = compactPlan(run);
        database.transaction(
                () -> {
                    try {
                        rows.insert(run, plan);
                    } catch (SQLException e) {
                        throw StoreFaults.constraint(
                                e,
                                () ->
                                        "Run %s is already in %s; resume it or give the new run another id."
                                                .formatted(run.id(), file()));
                    }
                    for (CellKey cell : cells) {
                        upsert(run.id(), CellRecord.pending(cell));
                    }
                });
    }

    /** Changes how far a run came; {@code ended} and {@code flags} replace the stored ones. */
    public void state(
            String runId, RunRecord.State state, @Nullable Instant ended, List<Flag> flags) {
        database.guarded(
                () -> {
                    int changed =
                            database.update(
                                    "UPDATE run SET state = ?, ended = ?, flags = ? WHERE id = ?",
                                    state.name(),
                                    ended == null ? null : ended.toString(),
                                    RecordJson.write(flags),
                                    runId);
                    if (changed == 0) {
                        throw unknown(runId);
                    }
                });
    }

    /** Writes a cell, in place of an earlier record of the same key. */
    public void cell(String runId, CellRecord cell) {
        database.guarded(() -> upsert(runId, cell));
    }

    /**
     * Appends a request. A second one with the same cell, label and attempt is refused: a repeated
     * request has a higher attempt.
     */
    public void request(String runId, RequestRecord request) {
        insert(
                runId,
                request.cell(),
                "request '%s', attempt %d,".formatted(request.label(), request.attempt()),
                () -> new Rows(database).insert(runId, request));
    }

    /** Appends an answered question; each question is stored once per cell. */
    public void question(String runId, QuestionRecord question) {
        insert(
                runId,
                question.cell(),
                "question '%s'".formatted(question.ledger().questionId()),
                () -> new Rows(database).insert(runId, question));
    }

    /** Writes what the meters told of a cell, in place of an earlier record of the same attempt. */
    public void energy(String runId, EnergyRecord energy) {
        database.transaction(
                () -> {
                    try {
                        new EnergyRows(database).replace(runId, energy);
                    } catch (SQLException e) {
                        throw StoreFaults.constraint(
                                e, () -> refusal(runId, energy.cell(), "the energy"));
                    }
                });
    }

    /** All runs, the latest first. */
    public List<RunRecord> runs() {
        return new Rows(database).runs();
    }

    /** The run with this id, with the only id that begins so, or the {@code latest}. */
    public RunRecord find(String idOrPrefix) {
        return new RunLookup(database.file(), runs()).find(idOrPrefix);
    }

    /** What a run measures, in table order. */
    public List<SystemUnderTest> systems(String runId) {
        return new Rows(database).systems(runId);
    }

    /** All cells of a run in the planned order. */
    public List<CellRecord> cells(String runId) {
        return new Rows(database).cells(runId);
    }

    /** All requests of a run in the order in which they were stored. */
    public List<RequestRecord> requests(String runId) {
        return new Rows(database).requests(runId);
    }

    /** All answered questions of a run in the order in which they were stored. */
    public List<QuestionRecord> questions(String runId) {
        return new Rows(database).questions(runId);
    }

    /** All energy records of a run in the order in which they were stored. */
    public List<EnergyRecord> energy(String runId) {
        return new EnergyRows(database).all(runId);
    }

    /** Makes this process the only one that may go on with a run, until the claim is closed. */
    public RunClaim claim(String runId) {
        if (runs().stream().noneMatch(run -> run.id().equals(runId))) {
            throw unknown(runId);
        }
        return RunClaim.take(file(), runId);
    }

    @Override
    public void close() {
        database.close();
    }

    private void upsert(String runId, CellRecord cell) throws SQLException {
        try {
            new Rows(database).upsert(runId, cell);
        } catch (SQLException e) {
            throw StoreFaults.constraint(
                    e,
                    () ->
                            "Run %s in %s has no system '%s'; create the run with all its systems first."
                                    .formatted(runId, file(), cell.key().system()));
        }
    }

    private void insert(String runId, CellKey cell, String what, Database.Work work) {
        database.guarded(
                () -> {
                    try {
                        work.run();
                    } catch (SQLException e) {
                        throw StoreFaults.constraint(e, () -> refusal(runId, cell, what));
                    }
                });
    }

    private String refusal(String runId, CellKey cell, String what) {
        boolean known = cells(runId).stream().anyMatch(stored -> stored.key().equals(cell));
        return known
                ? "Run %s already has %s of cell %s; give a repeated one a higher attempt."
                        .formatted(runId, what, cell)
                : "Run %s in %s has no cell %s; create the run with all its cells first."
                        .formatted(runId, file(), cell);
    }

    private StoreException unknown(String runId) {
        return new StoreException("Run %s is not in %s; create it first.".formatted(runId, file()));
    }

    private String compactPlan(RunRecord run) {
        try {
            return RecordJson.compactObject(run.plan());
        } catch (tools.jackson.core.JacksonException | IllegalArgumentException e) {
            throw new StoreException(
                    "The plan of run %s is not a JSON object; nothing was stored."
                            .formatted(run.id()),
                    e);
        }
    }

    private static void createDirectory(Path file) {
        Path directory = file.getParent();
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreException(
                    "Directory %s of the result store cannot be made (%s); check its parents or name another file with --store."
                            .formatted(directory, e.getMessage()),
                    e);
        }
    }
}
