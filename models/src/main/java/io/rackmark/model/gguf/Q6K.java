package io.rackmark.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * {@code block_q6_K}: {@code uint8_t ql[128], qh[64]; int8_t scales[16]; ggml_half d}. 256 values
 * in sixteen runs of 16; a value is {@code d * scale * (quant - 32)} with a scale of 8 bits and
 * quants of 6, whose low four and high two bits lie apart. Follows {@code quantize_row_q6_K_ref}.
 */
final class Q6K {
    static final int VALUES = 256;

    private static final int RUN = 16;
    private static final int RUNS = VALUES / RUN;
    private static final int HALF = 32; // quants are -32 to 31 before they are shifted
    private static final int LOW_BYTES = 128;
    private static final int HIGH_BYTES = 64;

    /** {@code GROUP_MAX_EPS}: below this a run counts as zero. */
    private static final float LEAST = 1e-15f;

    private Q6K() {}

    static void encode(float[] x, int at, ByteBuffer out) {
        int[] quants = new int[VALUES];
        float[] scales = new float[RUNS];
        float largest = 0;
        for (int run = 0; run < RUNS; run++) {
            scales[run] = fit(x, at + run * RUN, quants, run * RUN);
            if (Math.abs(scales[run]) > Math.abs(largest)) {
                largest = scales[run];
            }
        }
        byte[] steps = new byte[RUNS];
        short d = 0;
        if (Math.abs(largest) < LEAST) {
            java.util.Arrays.fill(quants, 0); // all bytes of the block are 0 then
        } else {
            float inverse = -128f / largest;
            d = Float.floatToFloat16(1 / inverse);
            for (int run = 0; run < RUNS; run++) {
                steps[run] = (byte) Math.min(127, Q4K.nearest(inverse * scales[run]));
                float step = Float.float16ToFloat(d) * steps[run];
                for (int i = run * RUN; step != 0 && i < (run + 1) * RUN; i++) {
                    quants[i] = HALF + limited(x[at + i] / step);
                }
            }
        }
        putQuants(quants, out);
        out.put(steps).putShort(d);
    }

    private static int limited(float value) {
        return Math.clamp(Q4K.nearest(value), -HALF, HALF - 1);
    }

    /**
     * The best scale for 16 values, each weighing its square, and their shifted quants: {@code
     * make_qx_quants(16, 32, x, L, 1, NULL)}.
     */
    private static float fit(float[] x, int at, int[] quants, int to) {
        float max = 0;
        for (int i = at; i < at + RUN; i++) {
            if (Math.abs(x[i]) > Math.abs(max)) {
                max = x[i];
            }
        }
        if (Math.abs(max) < LEAST) {
            return 0;
        }
        float scale = 0;
        float best = 0;
        for (int attempt = 0; attempt < 19; attempt++) {
            // First as it is, then in 18 variants around it.
            int variant = attempt == 0 ? 0 : attempt < 10 ? attempt - 10 : attempt - 9;
            float inverse = -(HALF + 0.1f * variant) / max;
            float sumXl = 0;
            float sumLl = 0;
            for (int i = at; i < at + RUN; i++) {
                int quant = limited(inverse * x[i]);
                float weight = x[i] * x[i];
                sumXl += weight * x[i] * quant;
                sumLl += weight * quant * quant;
            }
            if (attempt == 0 || (sumLl > 0 && sumXl * sumXl > best * sumLl)) {
                for (int i = 0; i < RUN; i++) {
                    quants[to + i] = HALF + limited(inverse * x[at + i]);
                }
                scale = sumLl == 0 ? 0 : sumXl / sumLl;
                best = scale * sumXl;
            }
        }
        return scale;
    }

    private static void putQuants(int[] quants, ByteBuffer out) {
        byte[] low = new byte[LOW_BYTES];
        byte[] high = new byte[HIGH_BYTES];
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < 32; i++) {
                int from = half * 128 + i;
                int a = quants[from];
                int b = quants[from + 32];
                int c = quants[from + 64];
                int d = quants[from + 96];
                low[half * 64 + i] = (byte) ((a & 15) | ((c & 15) << 4));
                low[half * 64 + i + 32] = (byte) ((b & 15) | ((d & 15) << 4));
                high[half * 32 + i] =
                        (byte) ((a >> 4) | (b >> 4 << 2) | (c >> 4 << 4) | (d >> 4 << 6));
            }
        }
        out.put(low).put(high);
    }

    static void decode(MemorySegment data, long offset, float[] target, int at) {
        long high = offset + LOW_BYTES;
        long steps = high + HIGH_BYTES;
        float d = Float.float16ToFloat(data.get(BlockCodec.SHORT, steps + RUNS));
        for (int i = 0; i < VALUES; i++) {
            int half = i / 128;
            int quarter = i % 128 / 32;
            int low = data.get(ValueLayout.JAVA_BYTE, offset + half * 64L + i % 64) & 0xff;
            int top = data.get(ValueLayout.JAVA_BYTE, high + half * 32L + i % 32) & 0xff;
            int quant = (quarter < 2 ? low & 15 : low >> 4) | (((top >> (2 * quarter)) & 3) << 4);
            int step = data.get(ValueLayout.JAVA_BYTE, steps + i / RUN);
            target[at + i] = d * step * (quant - HALF);
        }
    }
}
