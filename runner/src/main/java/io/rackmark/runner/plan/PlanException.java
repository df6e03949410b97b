package io.rackmark.runner.plan;

import java.util.List;

/** Everything that is wrong with a plan, gathered before anything ran. */
public class PlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final List<String> faults;

    public PlanException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** One sentence per fault, with file, line and column where there is one. */
    public List<String> faults() {
        return faults;
    }
}
