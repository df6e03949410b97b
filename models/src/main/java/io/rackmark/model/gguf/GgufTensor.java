package io.rackmark.model.gguf;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One tensor of an open file ({@code gguf_tensor_info_t} and its data). The data is valid until the
 * file is closed.
 *
 * @param shape outermost dimension first, the reverse of the order in the file
 * @param fileOffset of the first byte, from the start of the file
 */
public record GgufTensor(
        String name, GgmlType type, List<Long> shape, long fileOffset, MemorySegment data) {
    public GgufTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return data.byteSize() / type.blockBytes() * type.blockElements();
    }

    /** Whether {@link #read} handles this type. */
    public boolean decodable() {
        return BlockCodec.of(type).isPresent();
    }

    /**
     * Decodes elements {@code from … from + count} into the start of {@code target}; both numbers
     * are multiples of the block.
     *
     * @throws ModelException for types other than those of {@link BlockCodec}
     */
    public void read(long from, int count, float[] target) {
        BlockCodec codec =
                BlockCodec.of(type)
                        .orElseThrow(
                                () ->
                                        new ModelException(
                                                Kind.UNSUPPORTED,
                                                "tensor %s has type %s, which is not decoded here; supported: %s"
                                                        .formatted(
                                                                name, type, BlockCodec.types())));
        for (int i = 0; i < count; i += type.blockElements()) {
            codec.decode(data, (from + i) / type.blockElements() * type.blockBytes(), target, i);
        }
    }
}
