package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HomeTest {
    private static final Optional<Path> ROOT = Optional.of(Path.of("/opt/rackmark"));

    @Test
    void variablesChooseCacheAndStore() {
        Home home =
                Home.find(
                        ROOT,
                        Map.of("RACKMARK_CACHE", "/big/cache", "RACKMARK_STORE", "/big/runs.db"));

        assertThat(home.cache()).isEqualTo(Path.of("/big/cache"));
        assertThat(home.store()).isEqualTo(Path.of("/big/runs.db"));
    }

    @Test
    void theCacheFollowsTheDesktopConvention() {
        assertThat(Home.find(ROOT, Map.of("XDG_CACHE_HOME", "/x")).cache())
                .isEqualTo(Path.of("/x/rackmark"));
    }

    @Test
    void withoutOneTheCacheLiesInTheShellsHome() {
        assertThat(Home.find(ROOT, Map.of("HOME", "/home/shell")).cache())
                .isEqualTo(Path.of("/home/shell/.cache/rackmark"));
    }

    @Test
    void anEmptyVariableCountsAsUnset() {
        assertThat(Home.find(ROOT, Map.of("RACKMARK_STORE", " ")).store())
                .isEqualTo(Path.of("/opt/rackmark/results/rackmark.db"));
    }
}
