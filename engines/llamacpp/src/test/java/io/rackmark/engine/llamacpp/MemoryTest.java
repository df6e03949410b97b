package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class MemoryTest {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @TempDir Path directory;

    /** With which library; another one in a subclass. */
    Models models() {
        return Models.SHIPPED;
    }

    private static long residentBytes() throws IOException {
        Matcher matcher = RSS.matcher(Files.readString(Path.of("/proc/self/status")));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1)) * 1024;
    }

    private void loadRunAndClose(Path gguf) {
        try (TokenModel model = models().open(gguf, 64, 1, Map.of("mmap", "false"))) {
            model.prefill(0, new int[] {1, 2, 3}, true, Models.NEVER);
        }
    }

    @Test
    void closeGivesTheMemoryBack() throws IOException {
        byte[] content = TinyGguf.large();
        Path gguf = TinyGguf.write(directory, content);
        for (int i = 0; i < 3; i++) {
            loadRunAndClose(gguf);
        }
        long before = residentBytes();
        for (int i = 0; i < 12; i++) {
            loadRunAndClose(gguf);
        }
        // A leak of the weights alone would be twelve times the file.
        assertThat(residentBytes() - before).isLessThan(3L * content.length);
    }
}
