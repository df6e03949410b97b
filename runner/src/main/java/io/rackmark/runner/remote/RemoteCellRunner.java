package io.rackmark.runner.remote;

import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteException;
import io.rackmark.engine.remote.RoundTrip;
import io.rackmark.runner.measure.Progress;
import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.measure.StepListener;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.workload.AgentWorkload;
import io.rackmark.runner.workload.SqlWorkload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs one cell of a system that runs elsewhere. A cell that fails yields a record, too. */
public final class RemoteCellRunner {
    /** Enough for the shortest of them to be the path alone. */
    private static final int ROUND_TRIPS = 5;

    private final ResultSink sink;
    private final StepListener listener;
    private final Pacers pacers;

    /**
     * @param pacers shared by all cells of a run
     */
    public RemoteCellRunner(ResultSink sink, StepListener listener, Pacers pacers) {
        this.sink = sink;
        this.listener = listener;
        this.pacers = pacers;
    }

    /** Asks the questions that are not answered yet. */
    public CellRecord sql(
            RemoteTarget target, CellKey key, SqlWorkload workload, Progress progress) {
        return run(
                target,
                key,
                progress,
                session -> workload.ask(session, new RemoteChatModel(session)));
    }

    /** Measures the levels of concurrency that are not measured yet. */
    public CellRecord agent(
            RemoteTarget target, CellKey key, AgentWorkload workload, Progress progress) {
        return run(
                target,
                key,
                progress,
                session -> workload.ask(session, () -> new RemoteChatModel(session)));
    }

    /** Sends the speed requests that are not answered yet. */
    public CellRecord speed(RemoteTarget target, CellKey key, SpeedPlan plan, Progress progress) {
        return run(target, key, progress, new RemoteSpeed(plan)::run);
    }

    private CellRecord run(
            RemoteTarget target, CellKey key, Progress progress, Consumer<RemoteSession> work) {
        List<Property> facts = new ArrayList<>(target.facts());
        List<Flag> flags = new ArrayList<>();
        CellRecord record;
        try (RemoteClient client = target.open()) {
            Optional<Long> trip = client.roundTrip(ROUND_TRIPS).map(RoundTrip::leastNanos);
            RemoteSession session =
                    new RemoteSession(
                            new RemoteSession.Peer(client, target.model(), pacers.of(target)),
                            new RemoteRecords(
                                    key, progress.attempt(), target.price(), trip.orElse(null)),
                            progress,
                            sink,
                            listener);
            work.accept(session);
            session.servedModel().ifPresent(name -> facts.add(new Property("served model", name)));
            if (session.paced().isPositive()) {
                facts.add(
                        new Property(
                                "paced for", "%d ms in all".formatted(session.paced().toMillis())));
            }
            refusals(session, flags);
            record = new CellRecord(key, CellRecord.State.DONE, null, null, null, facts, flags);
        } catch (RemoteException e) {
            record =
                    new CellRecord(
                            key,
                            CellRecord.State.FAILED,
                            null,
                            null,
                            new CellRecord.Failure(
                                    e.failure().kind().name(),
                                    e.failure().message(),
                                    null,
                                    List.of()),
                            facts,
                            flags);
        }
        sink.cell(record);
        return record;
    }

    private static void refusals(RemoteSession session, List<Flag> flags) {
        if (session.refusals() > 0) {
            flags.add(
                    new Flag(
                            Flag.Kind.RETRIES,
                            "%s refused %d requests (HTTP 429 or 5xx); they were asked again, and their time stands apart. Ask for higher limits, name them with --rpm, or run fewer at once."
                                    .formatted(session.key().system(), session.refusals())));
        }
    }
}
