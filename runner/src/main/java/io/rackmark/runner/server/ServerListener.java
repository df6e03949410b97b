package io.rackmark.runner.server;

/** Told about once a second while a server starts. */
@FunctionalInterface
public interface ServerListener {
    void waiting(ServerProgress progress);
}
