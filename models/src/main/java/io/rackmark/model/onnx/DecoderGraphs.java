package io.rackmark.model.onnx;

import io.rackmark.engine.Precision;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/**
 * All graphs of one precision and the data file they share. Weights that lie in the checkpoint as
 * they are wanted stay there and are named by file and offset; the rest goes into the data file,
 * row by row. The same input gives the same bytes.
 */
public final class DecoderGraphs {
    private final WeightStore store;
    private final Map<GraphForm, byte[]> graphs = new EnumMap<>(GraphForm.class);

    /**
     * Builds the graphs in memory.
     *
     * @param weights must stay open until {@link #writeData} is done
     * @param dataFile name that the graphs give the data file
     * @throws io.rackmark.model.ModelException when weights are missing or of another shape than
     *     the configuration says
     */
    public DecoderGraphs(
            ModelConfig config, CheckpointWeights weights, Precision precision, String dataFile) {
        OnnxType real = precision == Precision.F16 ? OnnxType.FLOAT16 : OnnxType.FLOAT;
        store = new WeightStore(config, weights, real, dataFile);
        OptionalInt bits =
                switch (precision) {
                    case INT4 -> OptionalInt.of(4);
                    case INT8 -> OptionalInt.of(8);
                    case F32, F16, BF16, Q8_0, Q4_0, Q4_K_M -> OptionalInt.empty();
                };
        for (GraphForm form : GraphForm.of(precision)) {
            DecoderGraph graph =
                    switch (form) {
                        case CONTRIB -> new ContribGraph(store, bits, false);
                        case CONTRIB_EXACT -> new ContribGraph(store, bits, true);
                        case PORTABLE_21 -> new Portable21Graph(store);
                        case PORTABLE_23 -> new Portable23Graph(store);
                    };
            graphs.put(form, graph.build());
        }
    }

    /** Length of the data file. */
    public long dataBytes() {
        return store.dataBytes();
    }

    /**
     * Writes the data file, which must not exist, and forces it to the disk.
     *
     * @param bytesDone told the bytes written so far
     * @throws io.rackmark.model.ModelException when a weight is NaN, infinite or beyond the
     *     precision
     */
    public void writeData(Path file, LongConsumer bytesDone) throws IOException {
        try (DataFile out = DataFile.create(file)) {
            store.write(out, bytesDone);
            out.finish();
        }
    }

    /** Writes one graph, whose file must not exist. */
    public void writeGraph(GraphForm form, Path file) throws IOException {
        byte[] graph = graphs.get(form);
        if (graph == null) {
            throw new IllegalArgumentException("no graph of form " + form.label());
        }
        Files.write(file, graph, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
