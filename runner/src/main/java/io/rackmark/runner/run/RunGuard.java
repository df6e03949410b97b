package io.rackmark.runner.run;

import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.store.ResultStore;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes one run's records, and marks the run as interrupted when the process is told to end before
 * it is done. After that nothing more is written, so that a worker killed by the same signal does
 * not become a failed cell.
 */
final class RunGuard implements ResultSink, AutoCloseable {
    private final ResultStore store;
    private final RunRecord run;
    private final Thread hook;
    private boolean closed;

    RunGuard(ResultStore store, RunRecord run) {
        this.store = store;
        this.run = run;
        this.hook = new Thread(this::interrupted, "run-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What is stored of this cell already. */
    Progress progress(CellKey key) {
        List<RequestRecord> requests =
                store.requests(run.id()).stream().filter(r -> r.cell().equals(key)).toList();
        int last = requests.stream().mapToInt(RequestRecord::attempt).max().orElse(0);
        Stream<String> questions =
                store.questions(run.id()).stream()
                        .filter(q -> q.cell().equals(key))
                        .map(q -> q.ledger().questionId());
        Stream<String> measured =
                requests.stream()
                        .filter(r -> r.phase() == Phase.MEASURED)
                        .filter(r -> r.state() == RequestRecord.State.COMPLETED)
                        .map(RequestRecord::label);
        Set<String> finished = Stream.concat(questions, measured).collect(Collectors.toSet());
        return new Progress(last + 1, finished);
    }

    @Override
    public synchronized void cell(CellRecord cell) {
        if (!closed) {
            store.cell(run.id(), cell);
        }
    }

    @Override
    public synchronized void request(RequestRecord request) {
        if (!closed) {
            store.request(run.id(), request);
        }
    }

    @Override
    public synchronized void question(QuestionRecord question) {
        if (!closed) {
            store.question(run.id(), question);
        }
    }

    @Override
    public synchronized void energy(EnergyRecord energy) {
        if (!closed) {
            store.energy(run.id(), energy);
        }
    }

    /**
     * Every cell has ended.
     *
     * @param energy cautions about imported energy, in place of earlier ones
     */
    synchronized void done(List<Flag> energy) {
        if (!closed) {
            closed = true;
            List<Flag> flags = EnergySetup.flags(run, energy);
            store.state(run.id(), RunRecord.State.DONE, Instant.now(), flags);
        }
    }

    private synchronized void interrupted() {
        if (!closed) {
            closed = true;
            store.state(run.id(), RunRecord.State.INTERRUPTED, Instant.now(), run.flags());
            System.err.printf(
                    "%nInterrupted; what was finished is stored. Go on with:  rackmark run --resume"
                            + " %s%n",
                    run.id());
        }
    }

    @Override
    public void close() {
        interrupted();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running: the process is ending anyway.
        }
    }
}
