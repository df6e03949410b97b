package io.rackmark.engine.pytorch;

import io.rackmark.engine.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The libtorch that came with Rackmark, as DJL's {@code pytorch-native} jar describes it.
 *
 * @param version of libtorch, without DJL's build date
 * @param flavor {@code cpu}
 * @param classifier system and architecture, {@code linux-x86_64}
 */
record NativePackage(String version, String flavor, String classifier) {
    private static final String RESOURCE = "native/lib/pytorch.properties";

    /**
     * The package on the class path.
     *
     * @throws UnusableLibraryException when there is none or it is for another machine
     */
    static NativePackage find() {
        try (InputStream in = NativePackage.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new UnusableLibraryException(
                        "ai.djl.pytorch:pytorch-native-cpu is not on the class path",
                        "install Rackmark again",
                        null);
            }
            Properties properties = new Properties();
            properties.load(in);
            return of(properties, machine());
        } catch (IOException e) {
            throw new UnusableLibraryException(
                    "the shipped libtorch cannot be read: " + e, "install Rackmark again", e);
        }
    }

    static NativePackage of(Properties properties, String machine) {
        String version = properties.getProperty("version", "unknown");
        String classifier = properties.getProperty("classifier", "unknown");
        if (!classifier.equals(machine)) {
            throw new UnusableLibraryException(
                    "libtorch is shipped for %s, this machine is %s".formatted(classifier, machine),
                    "run another engine here",
                    null);
        }
        return new NativePackage(
                version.replaceFirst("-\\d{8}$", ""),
                properties.getProperty("flavor", "unknown"),
                classifier);
    }

    private static String machine() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    List<Fact> facts() {
        return List.of(
                new Fact("libtorch", version),
                new Fact("libtorch-build", flavor + "-" + classifier));
    }

    /** Where the library is unpacked to. */
    static Path directory() {
        return cache().resolve("djl");
    }

    /**
     * Property {@code rackmark.cache}, else RACKMARK_CACHE, else XDG_CACHE_HOME/rackmark, else
     * ~/.cache/rackmark.
     */
    static Path cache() {
        return cache(
                        System.getProperty("rackmark.cache", System.getenv("RACKMARK_CACHE")),
                        System.getenv("XDG_CACHE_HOME"),
                        System.getProperty("user.home"))
                .toAbsolutePath();
    }

    static Path cache(@Nullable String chosen, @Nullable String xdg, String home) {
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        // The XDG specification has relative paths ignored.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "rackmark");
        }
        return Path.of(home, ".cache", "rackmark");
    }
}
