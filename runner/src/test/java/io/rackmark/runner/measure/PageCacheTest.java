package io.rackmark.runner.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rackmark.runner.result.LifeCycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
    @Test
    void anEvictedFileIsColdAndAReadOneIsWarm(@TempDir Path folder) throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the page cache needs Linux");
        assumeTrue(
                !Files.getFileStore(folder).type().equals("tmpfs"),
                "a tmpfs keeps its files in memory");
        Path file = Files.write(folder.resolve("weights"), new byte[1 << 20]);

        assertThat(PageCache.evict(file)).isEqualTo(LifeCycle.PageCache.COLD);
        assertThat(PageCache.warm(file)).isEqualTo(LifeCycle.PageCache.WARM);
    }

    @Test
    void anEmptyFileHasNoState(@TempDir Path folder) throws IOException {
        assertThat(PageCache.state(Files.createFile(folder.resolve("empty"))))
                .isEqualTo(LifeCycle.PageCache.UNKNOWN);
    }
}
