package io.rackmark.model.onnx;

import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;

/**
 * A checkpoint's matrix on its way into blocks. The scales are kept from the time the numbers are
 * written until they are written themselves, right after.
 */
final class QuantizedMatrix {
    private final SafetensorsTensor source;
    private final BlockQuantizer quantizer;
    private float[] scales = {}; // [rows * blocks], between the two writes

    QuantizedMatrix(SafetensorsTensor source, BlockQuantizer quantizer) {
        this.source = source;
        this.quantizer = quantizer;
    }

    void writeNumbers(DataFile out) throws IOException {
        int rows = Math.toIntExact(source.shape().getFirst());
        float[] row = new float[Math.toIntExact(source.shape().getLast())];
        byte[] packed = new byte[quantizer.blocks() * quantizer.blockBytes()];
        scales = new float[Math.multiplyExact(rows, quantizer.blocks())];
        for (int r = 0; r < rows; r++) {
            FiniteRows.read(source, r, row, Float.MAX_VALUE);
            quantizer.pack(row, packed, scales, r * quantizer.blocks());
            out.write(packed);
        }
    }

    void writeScales(DataFile out) throws IOException {
        out.write(scales, scales.length, OnnxType.FLOAT);
        scales = new float[0];
    }
}
