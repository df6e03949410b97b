package io.rackmark.runner.server;

import java.time.Duration;

/**
 * Where the start of a server stands.
 *
 * @param server its title
 * @param stage what is waited for
 * @param elapsed since the process was started
 * @param limit when it is given up
 * @param lastLogLine the last thing it wrote; empty before that
 */
public record ServerProgress(
        String server, String stage, Duration elapsed, Duration limit, String lastLogLine) {

    /** One line for a person. */
    public String line() {
        String line =
                "%s: %s, %d s of at most %d s"
                        .formatted(server, stage, elapsed.toSeconds(), limit.toSeconds());
        return lastLogLine.isEmpty() ? line : line + " · " + lastLogLine;
    }
}
