package io.rackmark.model.convert;

import io.rackmark.engine.Precision;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.gguf.GgmlType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which element type a tensor gets in which precision: {@code llama_tensor_get_type}. */
final class TensorTypes {
    private static final Pattern LAYER =
            Pattern.compile("blk\\.(\\d+)\\.(attn_v|ffn_down)\\.weight");

    private final ModelConfig config;
    private final Precision precision;

    TensorTypes(ModelConfig config, Precision precision) {
        this.config = config;
        this.precision = precision;
    }

    /** Vectors stay F32; rows that do not fill blocks fall back to a type of smaller blocks. */
    GgmlType of(TensorRule rule) {
        if (rule.shape().size() == 1) {
            return GgmlType.F32;
        }
        GgmlType type = wanted(rule.target());
        while (rule.columns() % type.blockElements() != 0) {
            type = smaller(type);
        }
        return type;
    }

    private GgmlType wanted(String name) {
        return switch (precision) {
            case F32 -> GgmlType.F32;
            case F16 -> GgmlType.F16;
            case BF16 -> GgmlType.BF16;
            case Q8_0 -> GgmlType.Q8_0;
            case Q4_0 -> GgmlType.Q4_0;
            case Q4_K_M -> needsMoreBits(name) ? GgmlType.Q6_K : GgmlType.Q4_K;
            case INT8, INT4 -> throw GgufConverter.notInGguf(precision);
        };
    }

    private static GgmlType smaller(GgmlType type) {
        return switch (type) {
            case Q4_K -> GgmlType.Q5_0;
            case Q6_K -> GgmlType.Q8_0;
            default -> GgmlType.F16;
        };
    }

    /** The output matrix, and values and down projections of the layers that matter most. */
    private boolean needsMoreBits(String name) {
        if (name.equals(config.tiedEmbeddings() ? "token_embd.weight" : "output.weight")) {
            return true;
        }
        Matcher matcher = LAYER.matcher(name);
        return matcher.matches()
                && usesMoreBits(Integer.parseInt(matcher.group(1)), config.layers());
    }

    /** {@code use_more_bits}: the first and last eighth, and every third layer between. */
    static boolean usesMoreBits(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }
}
