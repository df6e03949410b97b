package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import org.junit.jupiter.api.Test;

final class MainMemoryTest {
    private static final long GIB = 1L << 30;

    @Test
    void weightsAndCacheTogetherMustFit() {
        assertThatCode(() -> MainMemory.require(6.0 * GIB, 2.0 * GIB, 1, 2048, 8 * GIB))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> MainMemory.require(6.5 * GIB, 2.0 * GIB, 4, 2048, 8 * GIB))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "the weights need 6.5 GiB and the KV cache of 4 slots of 2048 tokens 2.0"
                                + " GiB, available are 8.0 GiB; ask for fewer slots, a shorter"
                                + " context, a lower precision or a smaller model");
    }

    @Test
    void moreThanAnyMachineHasIsRefusedHere() {
        assertThatThrownBy(() -> MainMemory.require(1e18, 0, 1, 1))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.OUT_OF_MEMORY));
    }
}
