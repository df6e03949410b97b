package io.rackmark.runner.energy.wall;

import java.util.List;

/** A wall-meter log that cannot be used. */
public final class WallCsvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final List<String> faults;

    WallCsvException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** One sentence per fault, with file and line. */
    public List<String> faults() {
        return faults;
    }
}
