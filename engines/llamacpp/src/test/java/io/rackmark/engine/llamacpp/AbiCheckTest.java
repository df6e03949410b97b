package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
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
        assertThat(new AbiB4916().modelParams().byteSize()).isEqualTo(64);
        assertThat(new AbiB4916().contextParams().byteSize()).isEqualTo(120);
        assertThat(LlamaFunctions.BATCH.byteSize()).isEqualTo(56);
    }

    @Test
    void defaultsOfAnotherTagAreNoticed() {
        AbiB4916 abi = new AbiB4916();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = arena.allocate(abi.modelParams()).fill((byte) 0xAB);
            MemorySegment context = arena.allocate(abi.contextParams());
            assertThat(abi.unexpectedDefaults(model, context))
                    .contains("n_ctx is 0 instead of 512", "use_mmap is -85 instead of true");
        }
    }
}
