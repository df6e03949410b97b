package io.rackmark.model.pull;

import io.rackmark.model.ModelId;
import java.nio.file.Path;

/** Where models come from. Safe among threads. */
public sealed interface PullSource permits HubSource, FolderSource {
    /** The hub's address or the folder, for people. */
    String label();

    /**
     * The files of a model.
     *
     * @throws io.rackmark.model.ModelException when there is no such model, it must not be read, or
     *     the source cannot be reached
     */
    HubListing list(ModelId id);

    /**
     * Fetches what is missing of one file.
     *
     * @throws io.rackmark.model.ModelException when that fails for good; the part stays for the
     *     next pull
     */
    void fetch(Fetch fetch);

    /** Ends what runs; its threads fail soon after. */
    default void cancel() {}

    /**
     * One file to fetch.
     *
     * @param commit of the listing; empty when it had none
     * @param store directory of the model store, for messages
     */
    record Fetch(
            ModelId id,
            String commit,
            HubFile file,
            PartFile part,
            Path store,
            PullListener listener) {}
}
