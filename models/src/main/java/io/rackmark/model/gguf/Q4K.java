package io.rackmark.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * {@code block_q4_K}: {@code ggml_half d, dmin; uint8_t scales[12], qs[128]}. 256 values in eight
 * runs of 32; a run's values are {@code d * scale * quant - dmin * min} with a scale and a minimum
 * of 6 bits and quants of 4. Follows {@code quantize_row_q4_K_ref} step by step in 32-bit floats.
 */
final class Q4K {
    static final int VALUES = 256;

    private static final int RUN = 32;
    private static final int RUNS = VALUES / RUN;
    private static final int MOST = 15;
    private static final int MOST_SCALE = 63;
    private static final int SCALE_BYTES = 12;

    private Q4K() {}

    static void encode(float[] x, int at, ByteBuffer out) {
        int[] quants = new int[VALUES];
        LineFit[] fits = new LineFit[RUNS];
        float maxScale = 0;
        float maxMin = 0;
        for (int run = 0; run < RUNS; run++) {
            fits[run] = new LineFit(x, at + run * RUN);
            fits[run].copyQuants(quants, run * RUN);
            maxScale = Math.max(maxScale, fits[run].scale());
            maxMin = Math.max(maxMin, fits[run].depth());
        }
        float inverseScale = maxScale > 0 ? MOST_SCALE / maxScale : 0;
        float inverseMin = maxMin > 0 ? MOST_SCALE / maxMin : 0;
        short d = Float.floatToFloat16(maxScale / MOST_SCALE);
        short dmin = Float.floatToFloat16(maxMin / MOST_SCALE);
        out.putShort(d).putShort(dmin);
        int[] scales = new int[RUNS];
        int[] mins = new int[RUNS];
        for (int run = 0; run < RUNS; run++) {
            scales[run] = Math.clamp(nearest(inverseScale * fits[run].scale()), 0, MOST_SCALE);
            mins[run] = Math.clamp(nearest(inverseMin * fits[run].depth()), 0, MOST_SCALE);
            float step = Float.float16ToFloat(d) * scales[run];
            float shift = Float.float16ToFloat(dmin) * mins[run];
            for (int i = run * RUN; step != 0 && i < (run + 1) * RUN; i++) {
                quants[i] = Math.clamp(nearest((x[at + i] + shift) / step), 0, MOST);
            }
        }
        out.put(packed(scales, mins));
        for (int pair = 0; pair < VALUES; pair += 2 * RUN) {
            for (int i = pair; i < pair + RUN; i++) {
                out.put((byte) (quants[i] | (quants[i + RUN] << 4)));
            }
        }
    }

    /** Six bits each: the first four runs have bytes of their own, the others fill them up. */
    private static byte[] packed(int[] scales, int[] mins) {
        byte[] bytes = new byte[SCALE_BYTES];
        for (int run = 0; run < 4; run++) {
            bytes[run] = (byte) (scales[run] | (scales[run + 4] >> 4 << 6));
            bytes[run + 4] = (byte) (mins[run] | (mins[run + 4] >> 4 << 6));
            bytes[run + 8] = (byte) ((scales[run + 4] & 15) | ((mins[run + 4] & 15) << 4));
        }
        return bytes;
    }

    static void decode(MemorySegment data, long offset, float[] target, int at) {
        float d = Float.float16ToFloat(data.get(BlockCodec.SHORT, offset));
        float dmin = Float.float16ToFloat(data.get(BlockCodec.SHORT, offset + 2));
        long scales = offset + 4;
        long quants = scales + SCALE_BYTES;
        for (int run = 0; run < RUNS; run++) {
            int low = run % 4;
            int first = unsigned(data, scales + low);
            int second = unsigned(data, scales + 4 + low);
            int third = unsigned(data, scales + 8 + low);
            int scale = run < 4 ? first & 63 : (third & 15) | (first >> 6 << 4);
            int min = run < 4 ? second & 63 : (third >> 4) | (second >> 6 << 4);
            float step = d * scale;
            float shift = dmin * min;
            for (int i = 0; i < RUN; i++) {
                int both = unsigned(data, quants + run / 2 * (long) RUN + i);
                int quant = run % 2 == 0 ? both & 15 : both >> 4;
                target[at + run * RUN + i] = step * quant - shift;
            }
        }
    }

    /** {@code nearest_int}: halves go to the even neighbour. */
    static int nearest(float value) {
        return (int) Math.rint(value);
    }

    private static int unsigned(MemorySegment data, long offset) {
        return data.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }
}
