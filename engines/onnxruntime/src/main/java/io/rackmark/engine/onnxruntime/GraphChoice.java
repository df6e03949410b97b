package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.model.onnx.GraphForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Which of the graphs of a conversion is loaded. */
final class GraphChoice {
    private GraphChoice() {}

    /**
     * The graph that the options name, or the one that the device can compute: ONNX Runtime's own
     * attention has no kernel for 32 bits on GPUs, and TensorRT knows the standard's operators.
     */
    static Path file(OnnxRuntimeOptions options, Target target, ModelFiles files) {
        if (options.graph().isPresent()) {
            return named(options.graph().orElseThrow(), files);
        }
        Path portable = GraphForm.PORTABLE_21.beside(files.weights());
        boolean better = target.onGpu() && files.precision() == Precision.F32;
        return better && Files.isRegularFile(portable) ? portable : files.weights();
    }

    private static Path named(GraphForm form, ModelFiles files) {
        if (form == GraphForm.CONTRIB) {
            return files.weights();
        }
        Path file = form.beside(files.weights());
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    Kind.BAD_OPTION,
                    "engine onnxruntime: option 'graph' is %s, but there is no %s beside %s; in"
                                    .formatted(form.label(), file.getFileName(), files.weights())
                            + " precision %s it can be %s"
                                    .formatted(files.precision().label(), graphs(files)));
        }
        return file;
    }

    private static String graphs(ModelFiles files) {
        return String.join(
                ", ",
                Arrays.stream(GraphForm.values())
                        .filter(form -> Files.isRegularFile(form.beside(files.weights())))
                        .map(GraphForm::label)
                        .toList());
    }
}
