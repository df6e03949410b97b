package io.rackmark.model.pull;

import io.rackmark.model.ModelId;
import java.nio.file.Path;
import java.util.List;

/**
 * What a pull will do.
 *
 * @param directory where the files will lie
 * @param source the hub's address or the folder
 * @param files that were chosen
 */
public record PullPlan(
        ModelId id, Path directory, String source, HubListing listing, List<HubFile> files) {
    public PullPlan {
        files = List.copyOf(files);
    }

    /** Size of all files; those of unknown size count as nothing. Absurd sums do not wrap. */
    public long bytes() {
        long sum = 0;
        for (HubFile file : files) {
            long bytes = file.bytes().orElse(0);
            sum = bytes > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + bytes;
        }
        return sum;
    }
}
