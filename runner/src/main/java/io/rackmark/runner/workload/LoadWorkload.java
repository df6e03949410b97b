package io.rackmark.runner.workload;

import io.rackmark.runner.measure.CellSession;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.RequestRecord.Phase;

/** Only the first request after load: for the life cycle with a warm page cache. */
public final class LoadWorkload implements Workload {
    private final SpeedPlan plan;

    public LoadWorkload(SpeedPlan plan) {
        this.plan = plan;
    }

    @Override
    public String id() {
        return "load";
    }

    @Override
    public int steps() {
        return 1;
    }

    @Override
    public void run(CellSession session) {
        SpeedPrompt prompt = SpeedPrompt.of(session);
        session.generate("first", Phase.FIRST, prompt.request(plan.baseCase(), 1));
    }
}
