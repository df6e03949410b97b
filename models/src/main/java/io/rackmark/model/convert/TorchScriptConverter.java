package io.rackmark.model.convert;

import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelException;
import io.rackmark.model.torchscript.ArchiveNotes;
import io.rackmark.model.torchscript.ProgramSpec;
import io.rackmark.model.torchscript.TorchScriptArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes a checkpoint as a TorchScript archive: the program alone, or with the weights. */
final class TorchScriptConverter implements Converter {
    /** Of the notes; the archive has a version of its own. */
    private static final int NOTES_VERSION = 1;

    private final Checkpoint checkpoint;
    private final Precision precision;
    private final boolean weights;
    private final ProgramSpec spec;

    /**
     * @param weights whether they go into the archive
     * @throws ModelException when TorchScript programs have no such weights
     */
    TorchScriptConverter(Checkpoint checkpoint, Precision precision, boolean weights) {
        this.checkpoint = checkpoint;
        this.precision = precision;
        this.weights = weights;
        this.spec = new ProgramSpec(type(precision), ProgramSpec.Linear.STOCK);
    }

    private static ProgramSpec.Type type(Precision precision) {
        return switch (precision) {
            case F32 -> ProgramSpec.Type.FLOAT32;
            case BF16 -> ProgramSpec.Type.BFLOAT16;
            case F16 -> ProgramSpec.Type.FLOAT16;
            case Q8_0, Q4_0, Q4_K_M, INT8, INT4 ->
                    throw new ModelException(
                            ModelException.Kind.UNSUPPORTED,
                            "cannot write TorchScript in precision %s; supported: f32, f16, bf16"
                                    .formatted(precision.label()));
        };
    }

    @Override
    public ModelFormat format() {
        return ModelFormat.TORCHSCRIPT;
    }

    @Override
    public int version() {
        return 100 * TorchScriptArchive.VERSION + NOTES_VERSION;
    }

    @Override
    public List<String> fileNames() {
        String stem = checkpoint.name() + "-" + precision.label();
        return List.of(stem + (weights ? ".pt" : ".program.pt"));
    }

    @Override
    public long dataBytes() {
        return weights ? TorchScriptArchive.weightBytes(checkpoint.config(), spec) : 0;
    }

    @Override
    public void write(List<Path> files, ConversionProgress progress) throws IOException {
        TorchScriptArchive.Program program =
                new TorchScriptArchive.Program(
                        checkpoint.config(),
                        spec,
                        Optional.of(ArchiveNotes.of(checkpoint, spec, weights)));
        if (!weights) {
            TorchScriptArchive.writeWithoutWeights(files.getFirst(), program);
            return;
        }
        long total = dataBytes();
        try (CheckpointWeights open = checkpoint.openWeights()) {
            TorchScriptArchive.write(
                    files.getFirst(), program, open, done -> progress.advanced(done, total));
        }
    }
}
