package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.RUN;
import static io.rackmark.runner.store.SampleRecords.SPEED;

import java.nio.file.Path;

/** Claims the run, then stores requests until it is killed, and says each one it has stored. */
final class WritingChild {
    private WritingChild() {}

    public static void main(String[] args) {
        try (ResultStore store = ResultStore.open(Path.of(args[0]));
                RunClaim claim = store.claim(RUN)) {
            System.out.println("claimed " + claim.runId());
            for (int i = 0; ; i++) {
                String label = args[1] + "-" + i;
                store.request(RUN, SampleRecords.completed(SPEED, label, 1));
                System.out.println(label);
            }
        }
    }
}
