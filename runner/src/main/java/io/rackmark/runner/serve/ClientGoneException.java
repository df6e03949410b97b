package io.rackmark.runner.serve;

/** The client closed its connection, or takes nothing any more. */
final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the client is gone", null, false, false);
    }
}
