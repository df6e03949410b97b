package io.rackmark.model.pull;

import java.time.Duration;

/** Told about a running pull. Files are fetched at the same time, so calls come from any thread. */
public interface PullListener {
    /** For callers that do not show any. */
    PullListener NONE = new PullListener() {};

    /** Another process or thread fetches the same model; this one waits. */
    default void waiting() {}

    /**
     * What will be fetched.
     *
     * @param presentBytes of it that are here from an earlier, interrupted pull
     */
    default void planned(PullPlan plan, long presentBytes) {}

    /** Bytes that came in; below zero when some turned out useless. */
    default void advanced(long bytes) {}

    /** The network failed and the request is made again after a pause. */
    default void retrying(String file, String reason, Duration pause) {}

    /** A file is complete and has the right content. */
    default void fetched(HubFile file) {}
}
