package io.rackmark.model.onnx;

/**
 * Rows in the layout of {@code MatMulNBits}: blocks of 32 unsigned numbers with one 32-bit scale
 * and the implied zero point in the middle, 8 or 128. Two 4-bit numbers share a byte, the even one
 * in its low half. A row that does not fill its last block is filled up with zeros.
 */
final class BlockQuantizer {
    /** Elements that share a scale. */
    static final int BLOCK = 32;

    private final int bits;
    private final int zero;
    private final int columns;

    /**
     * @param bits 4 or 8
     * @param columns elements of a row
     */
    BlockQuantizer(int bits, int columns) {
        this.bits = bits;
        this.columns = columns;
        zero = 1 << (bits - 1);
    }

    int blocks() {
        return Math.ceilDiv(columns, BLOCK);
    }

    int blockBytes() {
        return BLOCK * bits / 8;
    }

    /**
     * Quantises one row.
     *
     * @param row [columns]
     * @param packed receives blocks() * blockBytes() bytes
     * @param scales receives blocks() scales from index {@code firstScale}
     */
    void pack(float[] row, byte[] packed, float[] scales, int firstScale) {
        for (int block = 0; block < blocks(); block++) {
            int from = block * BLOCK;
            float scale = scale(row, from, Math.min(columns, from + BLOCK));
            scales[firstScale + block] = scale;
            for (int i = 0; i < BLOCK; i++) {
                int column = from + i;
                int number = column < columns ? number(row[column], scale) : zero;
                put(packed, block * blockBytes(), i, number);
            }
        }
    }

    private void put(byte[] packed, int start, int index, int number) {
        if (bits == 8) {
            packed[start + index] = (byte) number;
        } else if (index % 2 == 0) {
            packed[start + index / 2] = (byte) number;
        } else {
            packed[start + index / 2] |= (byte) (number << 4);
        }
    }

    private int number(float value, float scale) {
        return scale == 0 ? zero : Math.clamp(Math.round(value / scale) + zero, 0, 2 * zero - 1);
    }

    /**
     * The largest magnitude becomes the largest number. With 4 bits it is the most negative one, of
     * which there is one more than of positive ones, as in GGUF's Q4_0.
     */
    private float scale(float[] row, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.abs(row[i]) > Math.abs(largest) ? row[i] : largest;
        }
        return bits == 4 ? largest / -zero : Math.abs(largest) / (zero - 1);
    }
}
