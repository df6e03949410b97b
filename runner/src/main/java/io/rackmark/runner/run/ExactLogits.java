package io.rackmark.runner.run;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.reference.ReferenceModel;
import io.rackmark.runner.measure.EquivalenceProbe;
import java.nio.file.Path;
import java.util.List;

/** Logits of a checkpoint, computed in plain Java when first asked for. */
record ExactLogits(Path checkpoint) implements EquivalenceProbe.Exact {

    @Override
    public float[][] logits(List<Integer> tokens, int rows) {
        try (ReferenceModel model = ReferenceModel.open(Checkpoint.read(checkpoint))) {
            return model.logits(tokens, rows);
        }
    }
}
