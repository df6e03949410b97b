package io.rackmark.engine.remote;

/** A question beside the measured requests that got no answer. */
public final class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RemoteFailure failure;

    public RemoteException(RemoteFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public RemoteFailure failure() {
        return failure;
    }
}
