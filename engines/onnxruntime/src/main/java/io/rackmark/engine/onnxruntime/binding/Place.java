package io.rackmark.engine.onnxruntime.binding;

/**
 * Where a session keeps what it computes with.
 *
 * @param allocator ONNX Runtime's name of the memory, as in {@code core/framework/allocator.h}
 * @param device which of several
 */
public record Place(String allocator, int device) {
    /** Main memory. */
    public static final Place CPU = new Place("Cpu", 0);

    /** The memory of one NVIDIA GPU; TensorRT's is the same. */
    public static Place cuda(int device) {
        return new Place("Cuda", device);
    }
}
