package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Platform table, CPU features, OpenMP environment and the native log. */
class SmallPartsTest {

    @Test
    void platformsAreFoundByTheirSystemProperties() {
        assertThat(Platform.of("Linux", "amd64")).contains(Platform.LINUX_X86_64);
        assertThat(Platform.of("Linux", "aarch64")).contains(Platform.LINUX_AARCH64);
        assertThat(Platform.of("Mac OS X", "aarch64")).contains(Platform.MAC_AARCH64);
        assertThat(Platform.of("Windows 11", "amd64")).contains(Platform.WINDOWS_X86_64);
        assertThat(Platform.of("Linux", "riscv64")).isEmpty();
        assertThat(Platform.of("FreeBSD", "amd64")).isEmpty();
    }

    @Test
    void everyPlatformsLibraryIsShipped() {
        for (Platform platform : Platform.values()) {
            assertThat(LibraryFiles.class.getClassLoader().getResource(platform.resource()))
                    .as(platform.resource())
                    .isNotNull();
        }
    }

    @Test
    void missingInstructionsAreNamed() {
        assertThat(CpuFeatures.missing("processor : 0\nflags\t\t: fpu sse2 avx avx2 bmi2 f16c fma"))
                .isEmpty();
        assertThat(CpuFeatures.missing("flags : fpu avx f16c"))
                .containsExactly("avx2", "bmi2", "fma");
        assertThat(CpuFeatures.missing("Features : fp asimd")).isEmpty();
    }

    @Test
    void spinCountOfTheUserWins() {
        assertThat(OpenMpEnvironment.userHasChosen(Map.of("GOMP_SPINCOUNT", "7"))).isTrue();
        assertThat(OpenMpEnvironment.userHasChosen(Map.of("OMP_WAIT_POLICY", "passive"))).isTrue();
        assertThat(OpenMpEnvironment.userHasChosen(Map.of("PATH", "/bin"))).isFalse();
    }

    @Test
    void logJoinsContinuationsAndKeepsTheLastLines() {
        NativeLog log = new NativeLog();
        log.append(4, "failed to ");
        log.append(5, "load\n");
        assertThat(log.since(0)).containsExactly(new NativeLog.Line(0, 4, "failed to load"));
        for (int i = 0; i < 1000; i++) {
            log.append(2, "line " + i + "\n");
        }
        assertThat(log.position()).isEqualTo(1001);
        assertThat(log.since(999))
                .extracting(line -> line.text())
                .containsExactly("line 998", "line 999");
        assertThat(log.since(0)).hasSize(400);
    }
}
