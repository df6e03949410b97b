package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class AbiCheckTest {

    @Test
    void bytesWrittenEndAtTheLastByteThatIsNoCanary() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64).fill((byte) 0xAB);
            assertThat(AbiCheck.written(buffer)).isZero();
            buffer.set(ValueLayout.JAVA_BYTE, 23, (byte) 0);
            assertThat(AbiCheck.written(buffer)).isEqualTo(24);
        }
    }

    @Test
    void b4916StructsHaveTheSizesTheCompilerGivesThem() {
        assertThat(new AbiB4916().modelParams().layout().byteSize()).isEqualTo(64);
        assertThat(new AbiB4916().contextParams().layout().byteSize()).isEqualTo(120);
        assertThat(LlamaFunctions.BATCH.byteSize()).isEqualTo(56);
    }

    @Test
    void b10573StructsHaveTheSizesAndOffsetsTheCompilerGivesThem() {
        AbiB10573 abi = new AbiB10573();
        assertThat(abi.modelParams().layout().byteSize()).isEqualTo(72);
        assertThat(offset(abi.modelParams(), "load_mode")).isEqualTo(24);
        assertThat(offset(abi.modelParams(), "kv_overrides")).isEqualTo(56);
        assertThat(offset(abi.modelParams(), "load_mtp")).isEqualTo(69);
        assertThat(abi.contextParams().layout().byteSize()).isEqualTo(160);
        assertThat(offset(abi.contextParams(), "n_outputs_max")).isEqualTo(20);
        assertThat(offset(abi.contextParams(), "flash_attn_type")).isEqualTo(52);
        assertThat(offset(abi.contextParams(), "type_k")).isEqualTo(104);
        assertThat(offset(abi.contextParams(), "kv_unified")).isEqualTo(133);
        assertThat(offset(abi.contextParams(), "ctx_other")).isEqualTo(152);
    }

    private static long offset(ParamStruct struct, String field) {
        return struct.layout().byteOffset(PathElement.groupElement(field));
    }

    @Test
    void aStructMayBeWrittenWithItsPaddingOrWithout() {
        ParamStruct model = new AbiB10573().modelParams();
        assertThat(model.fits(69)).isFalse();
        assertThat(model.fits(70)).isTrue();
        assertThat(model.fits(72)).isTrue();
        assertThat(model.fits(73)).isFalse();
        assertThat(new AbiB10573().contextParams().fits(159)).isFalse();
    }

    @Test
    void eachLayoutCoversTheTagsWhoseHeaderHasIt() {
        assertThat(new AbiB4916().covers(4916)).isTrue();
        assertThat(new AbiB4916().covers(4917)).isFalse();
        assertThat(new AbiB10573().covers(10_393)).isFalse();
        assertThat(new AbiB10573().covers(10_573)).isTrue();
    }

    @Test
    void defaultsOfAnotherTagAreNoticed() {
        AbiB4916 abi = new AbiB4916();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = arena.allocate(abi.modelParams().layout()).fill((byte) 0xAB);
            MemorySegment context = arena.allocate(abi.contextParams().layout());
            assertThat(abi.modelParams().unexpected(model))
                    .contains("use_mmap is -85 instead of true");
            assertThat(abi.contextParams().unexpected(context))
                    .startsWith("n_ctx is 0 instead of 512");
        }
    }
}
