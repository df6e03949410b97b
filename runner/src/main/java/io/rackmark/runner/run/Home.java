package io.rackmark.runner.run;

import io.rackmark.model.Catalogue;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where things lie.
 *
 * @param root folder with the launcher, {@code models/} and {@code results/}
 * @param dist what the build made: {@code lib/} and {@code engines/<id>/}
 * @param cache pulled and derived models, the sample database, extracted native libraries
 * @param store default result store
 */
public record Home(Path root, Path dist, Path cache, Path store) {

    /** From the launcher's system property {@code rackmark.home} and the environment. */
    public static Home find() {
        return find(
                Optional.ofNullable(System.getProperty("rackmark.home")).map(Path::of),
                System.getenv());
    }

    static Home find(Optional<Path> given, Map<String, String> environment) {
        Path root = given.orElse(Path.of("")).toAbsolutePath().normalize();
        Path cache =
                variable(environment, "RACKMARK_CACHE")
                        .or(
                                () ->
                                        variable(environment, "XDG_CACHE_HOME")
                                                .map(base -> base.resolve("rackmark")))
                        .orElseGet(() -> home(environment).resolve(".cache").resolve("rackmark"));
        Path store =
                variable(environment, "RACKMARK_STORE")
                        .orElse(root.resolve("results").resolve("rackmark.db"));
        return new Home(
                root,
                root.resolve("target").resolve("rackmark"),
                cache.toAbsolutePath(),
                store.toAbsolutePath());
    }

    /** Models that were pulled. */
    public ModelStore models() {
        return new ModelStore(cache.resolve(Catalogue.STORE));
    }

    /** The models known here: by name, and those that were pulled. */
    public Catalogue catalogue() {
        return new Catalogue(root, models());
    }

    /**
     * Makes the cache directory.
     *
     * @throws ModelException naming the flag when it cannot be written
     */
    void requireCache() {
        try {
            Files.createDirectories(cache);
            Files.delete(Files.createTempFile(cache, "probe", ".tmp"));
        } catch (IOException e) {
            throw new ModelException(
                    ModelException.Kind.ENVIRONMENT,
                    "cannot write to the cache directory %s; choose another one with --cache DIR or RACKMARK_CACHE"
                            .formatted(cache),
                    e);
        }
    }

    /** The shell's idea of it comes first: Java's own is that of the user database. */
    private static Path home(Map<String, String> environment) {
        return variable(environment, "HOME")
                .orElseGet(() -> Path.of(System.getProperty("user.home", ".")));
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }
}
