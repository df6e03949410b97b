package io.rackmark.model.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.model.EmbeddedModel;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.gguf.GgmlType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TensorTypesTest {
    private static final ModelConfig CONFIG = EmbeddedModel.checkpoint().config();

    private static GgmlType type(String name, Long... shape) {
        return new TensorTypes(CONFIG, Precision.Q4_K_M)
                .of(new TensorRule("x", name, List.of(shape), 0));
    }

    @Test
    void moreBitsGoToTheFirstAndLastEighthAndEveryThirdLayerBetween() {
        // 32 layers, as llama.cpp prints them for a model of 7 to 8 billion parameters.
        assertThat(IntStream.range(0, 32).filter(i -> TensorTypes.usesMoreBits(i, 32)))
                .containsExactly(0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31);
        assertThat(IntStream.range(0, 2).filter(i -> TensorTypes.usesMoreBits(i, 2)))
                .containsExactly(1);
    }

    @Test
    void outputValuesAndDownProjectionsGetSixBits() {
        assertThat(CONFIG.tiedEmbeddings()).isTrue();
        assertThat(type("token_embd.weight", 1024L, 256L)).isEqualTo(GgmlType.Q6_K);
        assertThat(type("blk.0.attn_v.weight", 64L, 256L)).isEqualTo(GgmlType.Q6_K);
        assertThat(type("blk.0.ffn_down.weight", 64L, 256L)).isEqualTo(GgmlType.Q6_K);
        assertThat(type("blk.0.attn_q.weight", 64L, 256L)).isEqualTo(GgmlType.Q4_K);
        assertThat(type("blk.0.attn_norm.weight", 256L)).isEqualTo(GgmlType.F32);
    }

    @Test
    void rowsThatFillNoSuperBlockFallBackAsInLlamaCpp() {
        assertThat(type("blk.0.attn_q.weight", 64L, 96L)).isEqualTo(GgmlType.Q5_0);
        assertThat(type("blk.0.attn_v.weight", 64L, 96L)).isEqualTo(GgmlType.Q8_0);
        assertThat(type("blk.0.attn_q.weight", 64L, 100L)).isEqualTo(GgmlType.F16);
    }
}
