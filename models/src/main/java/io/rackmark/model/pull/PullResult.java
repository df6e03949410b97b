package io.rackmark.model.pull;

import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import java.nio.file.Path;

/**
 * A model of the store after a pull.
 *
 * @param fetchedBytes that came over the wire or from the folder, this time
 */
public record PullResult(Path directory, PulledModel model, boolean wasPresent, long fetchedBytes) {
    static PullResult present(ModelStore.Stored stored) {
        return new PullResult(stored.directory(), stored.pulled(), true, 0);
    }
}
