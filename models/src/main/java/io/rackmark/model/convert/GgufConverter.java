package io.rackmark.model.convert;

import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.RopeScaling;
import io.rackmark.model.gguf.GgmlType;
import io.rackmark.model.gguf.GgufWriter;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes a checkpoint as GGUF, some rows at a time in constant memory, on all processors. The same
 * input gives the same bytes.
 */
public final class GgufConverter implements Converter {
    /** Goes up whenever the same checkpoint would give other bytes. */
    public static final int VERSION = 3;

    private static final float LARGEST_HALF = 65504;

    /** Rows are packed together up to this many: work for every processor, in 4 MiB. */
    private static final int BATCH_ELEMENTS = 1 << 20;

    private final Checkpoint checkpoint;
    private final Precision precision;
    private final List<TensorRule> rules;
    private final List<GgufWriter.Plan> plans = new ArrayList<>();

    /** Checks the checkpoint's tokenizer; weights are checked in {@link #write}. */
    public GgufConverter(Checkpoint checkpoint, Precision precision) {
        this.checkpoint = checkpoint;
        this.precision = precision;
        rules = LlamaTensors.rules(checkpoint.config());
        GgufVocabulary.check(checkpoint);
        TensorTypes types = new TensorTypes(checkpoint.config(), precision);
        for (TensorRule rule : rules) {
            plans.add(new GgufWriter.Plan(rule.target(), types.of(rule), rule.shape()));
        }
        if (checkpoint.config().ropeScaling() instanceof RopeScaling.Llama3) {
            long half = checkpoint.config().headDim() / 2;
            plans.add(new GgufWriter.Plan("rope_freqs.weight", GgmlType.F32, List.of(half)));
        }
    }

    @Override
    public ModelFormat format() {
        return ModelFormat.GGUF;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public List<String> fileNames() {
        return List.of(checkpoint.name() + "-" + precision.label() + ".gguf");
    }

    @Override
    public void write(List<Path> files, ConversionProgress progress) throws IOException {
        write(files.getFirst(), progress);
    }

    @Override
    public long dataBytes() {
        return plans.stream().mapToLong(GgufWriter.Plan::bytes).sum();
    }

    /**
     * Writes the file, which must not exist, and forces it to the disk.
     *
     * @throws IOException when the file cannot be written
     * @throws ModelException when the weights do not fit the configuration or hold NaN or infinity
     */
    public void write(Path file, ConversionProgress progress) throws IOException {
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            LlamaTensors.requireNoStrangers(checkpoint, weights.tensors().keySet());
            List<SafetensorsTensor> sources = new ArrayList<>();
            for (TensorRule rule : rules) {
                sources.add(weights.require(rule.source(), rule.shape()));
            }
            try (GgufWriter writer =
                    GgufWriter.create(file, GgufMetadata.of(checkpoint, precision), plans)) {
                long done = 0;
                for (int i = 0; i < sources.size(); i++) {
                    copy(rules.get(i), plans.get(i).type(), sources.get(i), writer);
                    done += plans.get(i).bytes();
                    progress.advanced(done, dataBytes());
                }
                if (checkpoint.config().ropeScaling() instanceof RopeScaling.Llama3 scaling) {
                    float[] factors = RopeFactors.of(checkpoint.config(), scaling);
                    writer.append(factors, factors.length);
                    progress.advanced(dataBytes(), dataBytes());
                }
                writer.finish();
            }
        }
    }

    private static void copy(
            TensorRule rule, GgmlType type, SafetensorsTensor source, GgufWriter writer)
            throws IOException {
        float largest = type == GgmlType.F16 ? LARGEST_HALF : Float.MAX_VALUE;
        int columns = rule.columns();
        int most = (int) Math.clamp(BATCH_ELEMENTS / columns, 1, rule.rows());
        float[] batch = new float[most * columns];
        for (long from = 0; from < rule.rows(); from += most) {
            long first = from;
            int rows = (int) Math.min(most, rule.rows() - from);
            IntStream.range(0, rows)
                    .parallel()
                    .forEach(
                            r -> {
                                float[] row = row(source, rule.sourceRow(first + r), columns);
                                requireWithin(
                                        largest, row, type, source, rule.sourceRow(first + r));
                                System.arraycopy(row, 0, batch, r * columns, columns);
                            });
            writer.append(batch, rows * columns);
        }
    }

    private static float[] row(SafetensorsTensor source, long row, int columns) {
        float[] values = new float[columns];
        source.read(row * columns, columns, values);
        return values;
    }

    private static void requireWithin(
            float largest, float[] row, GgmlType type, SafetensorsTensor source, long index) {
        for (float value : row) {
            // Written so that NaN fails too.
            if (!(Math.abs(value) <= largest)) {
                throw new ModelException(
                        Kind.DAMAGED,
                        "tensor %s holds %s in row %d, which %s cannot hold"
                                .formatted(source.name(), value, index, type));
            }
        }
    }

    static ModelException notInGguf(Precision precision) {
        return new ModelException(
                Kind.UNSUPPORTED,
                "cannot write GGUF in precision %s; supported: f32, f16, bf16, q8_0, q4_0, q4_k_m"
                        .formatted(precision.label()));
    }
}
