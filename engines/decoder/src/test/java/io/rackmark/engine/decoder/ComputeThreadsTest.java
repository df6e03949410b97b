package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputeThreadsTest {
    @Test
    void oneCoreIsLeftToTheHarness() {
        assertThat(ComputeThreads.byDefault(1)).isEqualTo(1);
        assertThat(ComputeThreads.byDefault(2)).isEqualTo(1);
        assertThat(ComputeThreads.byDefault(16)).isEqualTo(15);
    }

    @Test
    void hardwareThreadsOfOneCoreCountOnce(@TempDir Path cpus) throws IOException {
        String[] siblings = {"0,2", "1,3", "0,2", "1,3"};
        for (int i = 0; i < siblings.length; i++) {
            Path topology = Files.createDirectories(cpus.resolve("cpu" + i + "/topology"));
            Files.writeString(topology.resolve("thread_siblings_list"), siblings[i] + "\n");
        }
        assertThat(ComputeThreads.physicalCores(cpus)).isEqualTo(2);
        assertThat(ComputeThreads.physicalCores(cpus.resolve("none"))).isZero();
    }
}
