package io.rackmark.runner.energy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A tree of attribute files in a folder, from a list of paths and values. */
public final class SysfsTree {
    private final Path root;

    public SysfsTree(Path root, String resource) {
        this.root = root;
        try (InputStream in =
                Objects.requireNonNull(SysfsTree.class.getResourceAsStream(resource), resource)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> set(path(line), line.substring(line.indexOf(' ') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String path(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    /** Writes one attribute as the kernel does, with a line end. */
    public void set(String file, String value) {
        try {
            Path target = root.resolve(file);
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.writeString(target, value + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rooted in the folder. */
    public Sysfs sysfs() {
        return Sysfs.of(root);
    }

    /** The same tree for a user who may not read the counters, whoever runs the test. */
    Sysfs denied() {
        return new Sysfs(
                root,
                file -> {
                    if (file.endsWith("energy_uj")) {
                        throw new AccessDeniedException(file.toString());
                    }
                    return Files.readString(file);
                });
    }
}
