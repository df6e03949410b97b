package io.rackmark.model.onnx;

import java.util.List;
import java.util.Optional;

/**
 * An initializer whose elements lie in another file ({@code TensorProto.external_data}).
 *
 * @param type of the elements; nothing when it is none that is handled here
 * @param shape outermost dimension first
 * @param location file name relative to the graph's directory, or to the checkpoint's
 * @param offset of the first byte in that file
 * @param bytes in that file; -1 for all to its end
 */
public record ExternalTensor(
        String name,
        Optional<OnnxType> type,
        List<Long> shape,
        String location,
        long offset,
        long bytes) {
    public ExternalTensor {
        shape = List.copyOf(shape);
    }
}
