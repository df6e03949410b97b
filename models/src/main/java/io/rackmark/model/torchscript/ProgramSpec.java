package io.rackmark.model.torchscript;

/**
 * What a program computes with.
 *
 * @param type of weights, cache and arithmetic
 * @param linear which matrix product it calls
 */
public record ProgramSpec(Type type, Linear linear) {

    /** Element types under their numbers in {@code c10::ScalarType}. */
    public enum Type {
        FLOAT16(5, Short.BYTES, "HalfStorage"),
        FLOAT32(6, Float.BYTES, "FloatStorage"),
        BFLOAT16(15, Short.BYTES, "BFloat16Storage");

        private final int code;
        private final int bytes;
        private final String storage;

        Type(int code, int bytes, String storage) {
            this.code = code;
            this.bytes = bytes;
            this.storage = storage;
        }

        int code() {
            return code;
        }

        /** Of one element. */
        int bytes() {
            return bytes;
        }

        String storage() {
            return storage;
        }
    }

    /** The matrix product. */
    public enum Linear {
        /** {@code aten::linear}: libtorch chooses the library. */
        STOCK,
        /** {@code mkldnn::_linear_pointwise}: always oneDNN. */
        ONEDNN
    }
}
