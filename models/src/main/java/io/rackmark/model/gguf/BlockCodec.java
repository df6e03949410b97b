package io.rackmark.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Packs and unpacks one block as ggml's reference routines {@code quantize_row_<type>_ref} do: all
 * arithmetic in 32-bit floats, each step rounded.
 */
enum BlockCodec {
    F32(GgmlType.F32) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            out.putFloat(values[at]);
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            target[at] = data.get(FLOAT, offset);
        }
    },
    F16(GgmlType.F16) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            out.putShort(Float.floatToFloat16(values[at]));
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            target[at] = Float.float16ToFloat(data.get(SHORT, offset));
        }
    },
    /** {@code ggml_compute_fp32_to_bf16}: round to nearest even. */
    BF16(GgmlType.BF16) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            int bits = Float.floatToRawIntBits(values[at]);
            if (Float.isNaN(values[at])) {
                out.putShort((short) ((bits >>> 16) | 64));
            } else {
                int half = 0x7fff + ((bits >>> 16) & 1);
                out.putShort((short) ((bits + half) >>> 16));
            }
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            target[at] = Float.intBitsToFloat(data.get(SHORT, offset) << 16);
        }
    },
    /** {@code block_q8_0}: {@code ggml_half d; int8_t qs[32]}. */
    Q8_0(GgmlType.Q8_0) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            float amax = 0;
            for (int j = 0; j < 32; j++) {
                amax = Math.max(amax, Math.abs(values[at + j]));
            }
            float d = amax / 127;
            // The exact scale divides the values, its half-precision rounding is stored.
            float id = d == 0 ? 0 : 1 / d;
            out.putShort(Float.floatToFloat16(d));
            for (int j = 0; j < 32; j++) {
                out.put((byte) roundHalfAway(values[at + j] * id));
            }
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            float d = Float.float16ToFloat(data.get(SHORT, offset));
            for (int j = 0; j < 32; j++) {
                target[at + j] = data.get(ValueLayout.JAVA_BYTE, offset + 2 + j) * d;
            }
        }
    },
    /** {@code block_q4_0}: {@code ggml_half d; uint8_t qs[16]}, low nibbles first. */
    Q4_0(GgmlType.Q4_0) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            float amax = 0;
            float max = 0;
            for (int j = 0; j < 32; j++) {
                if (amax < Math.abs(values[at + j])) {
                    amax = Math.abs(values[at + j]);
                    max = values[at + j];
                }
            }
            // Signed: the largest magnitude maps to -8, the one end that 4 bits reach.
            float d = max / -8;
            float id = d == 0 ? 0 : 1 / d;
            out.putShort(Float.floatToFloat16(d));
            for (int j = 0; j < 16; j++) {
                int low = nibble(values[at + j] * id);
                int high = nibble(values[at + 16 + j] * id);
                out.put((byte) (low | (high << 4)));
            }
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            float d = Float.float16ToFloat(data.get(SHORT, offset));
            for (int j = 0; j < 16; j++) {
                int packed = data.get(ValueLayout.JAVA_BYTE, offset + 2 + j);
                target[at + j] = ((packed & 15) - 8) * d;
                target[at + 16 + j] = (((packed >> 4) & 15) - 8) * d;
            }
        }
    },
    /** {@code block_q5_0}: {@code ggml_half d; uint8_t qh[4], qs[16]}, the fifth bits in qh. */
    Q5_0(GgmlType.Q5_0) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            float max = 0;
            for (int j = 0; j < 32; j++) {
                if (Math.abs(max) < Math.abs(values[at + j])) {
                    max = values[at + j];
                }
            }
            float d = max / -16;
            float id = d == 0 ? 0 : 1 / d;
            int fifth = 0;
            byte[] low = new byte[16];
            for (int j = 0; j < 32; j++) {
                int quant = Math.clamp((int) (values[at + j] * id + 16.5f), 0, 31);
                fifth |= (quant >> 4) << j;
                low[j % 16] |= (byte) ((quant & 15) << (j < 16 ? 0 : 4));
            }
            out.putShort(Float.floatToFloat16(d)).putInt(fifth).put(low);
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            float d = Float.float16ToFloat(data.get(SHORT, offset));
            for (int j = 0; j < 32; j++) {
                int low = data.get(ValueLayout.JAVA_BYTE, offset + 6 + j % 16) >> (j < 16 ? 0 : 4);
                int fifth = data.get(ValueLayout.JAVA_BYTE, offset + 2 + j / 8) >> (j % 8) & 1;
                target[at + j] = (((low & 15) | (fifth << 4)) - 16) * d;
            }
        }
    },
    Q4_K(GgmlType.Q4_K) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            Q4K.encode(values, at, out);
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            Q4K.decode(data, offset, target, at);
        }
    },
    Q6_K(GgmlType.Q6_K) {
        @Override
        void encode(float[] values, int at, ByteBuffer out) {
            Q6K.encode(values, at, out);
        }

        @Override
        void decode(MemorySegment data, long offset, float[] target, int at) {
            Q6K.decode(data, offset, target, at);
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgmlType type;

    BlockCodec(GgmlType type) {
        this.type = type;
    }

    static Optional<BlockCodec> of(GgmlType type) {
        for (BlockCodec codec : values()) {
            if (codec.type == type) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** For messages. */
    static String types() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }

    /** Packs the block that starts at {@code values[at]}; {@code out} is little-endian. */
    abstract void encode(float[] values, int at, ByteBuffer out);

    /** Unpacks the block at byte {@code offset} to {@code target[at]} and on. */
    abstract void decode(MemorySegment data, long offset, float[] target, int at);

    /** C's {@code roundf}; Math.round would take -0.5 to 0. In double the sum is exact. */
    private static int roundHalfAway(float value) {
        int magnitude = (int) (Math.abs((double) value) + 0.5);
        return Math.clamp(value < 0 ? -magnitude : magnitude, -127, 127);
    }

    /** {@code MIN(15, (int8_t)(x + 8.5f))}: the cast truncates towards zero. */
    private static int nibble(float scaled) {
        return Math.clamp((int) (scaled + 8.5f), 0, 15);
    }
}
