package io.rackmark.runner.run;

/** The version of the metric definitions, as docs/methodology.md states it. */
final class Metrics {
    static final int VERSION = 1;

    private Metrics() {}
}
