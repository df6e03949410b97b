package io.rackmark.model.convert;

import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.onnx.DecoderGraphs;
import io.rackmark.model.onnx.GraphForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a checkpoint as ONNX: all graphs of a precision and the data file they share. */
final class OnnxConverter implements Converter {
    private static final int VERSION = 1;

    private final Checkpoint checkpoint;
    private final Precision precision;
    private final List<GraphForm> forms; // the one that ModelFiles names last

    /**
     * @throws io.rackmark.model.ModelException when ONNX graphs have no such weights
     */
    OnnxConverter(Checkpoint checkpoint, Precision precision) {
        this.checkpoint = checkpoint;
        this.precision = precision;
        forms = GraphForm.of(precision).reversed();
    }

    @Override
    public ModelFormat format() {
        return ModelFormat.ONNX;
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public List<String> fileNames() {
        List<String> names = new ArrayList<>();
        names.add(dataFile());
        forms.forEach(form -> names.add(form.named(mainFile())));
        return names;
    }

    private String mainFile() {
        return checkpoint.name() + "-" + precision.label() + ".onnx";
    }

    private String dataFile() {
        return mainFile() + ".data";
    }

    @Override
    public long dataBytes() {
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            return graphs(weights).dataBytes();
        }
    }

    private DecoderGraphs graphs(CheckpointWeights weights) {
        return new DecoderGraphs(checkpoint.config(), weights, precision, dataFile());
    }

    @Override
    public void write(List<Path> files, ConversionProgress progress) throws IOException {
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            DecoderGraphs graphs = graphs(weights);
            long total = graphs.dataBytes();
            graphs.writeData(files.getFirst(), done -> progress.advanced(done, total));
            for (int i = 0; i < forms.size(); i++) {
                graphs.writeGraph(forms.get(i), files.get(i + 1));
            }
        }
    }
}
