package io.rackmark.runner.cli;

import io.rackmark.runner.run.Home;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where things lie; every command has them. */
final class Places {
    @Option(
            names = "--store",
            paramLabel = "FILE",
            description = "result store (default: results/rackmark.db, or $RACKMARK_STORE)")
    private @Nullable Path store;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "pulled and derived models, sample database, native libraries (default:"
                            + " ~/.cache/rackmark, or $RACKMARK_CACHE)")
    private @Nullable Path cache;

    Home home() {
        Home found = Home.find();
        return new Home(
                found.root(),
                found.dist(),
                cache == null ? found.cache() : cache.toAbsolutePath(),
                store == null ? found.store() : store.toAbsolutePath());
    }
}
