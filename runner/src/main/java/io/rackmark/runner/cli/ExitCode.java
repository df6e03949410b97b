package io.rackmark.runner.cli;

/** Exit codes of every command. */
final class ExitCode {
    static final int DONE = 0;

    /** A gate or a cell failed. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    static final int ENVIRONMENT = 3;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
