package io.rackmark.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The built product as a user starts it, with a cache and a store of its own. */
final class InstalledCli {
    private static final Path HOME = Path.of(System.getProperty("rackmark.source"));
    private static final long LIMIT_SECONDS = 240;
    private static final Path SHARED_CACHE = Path.of("target", "cache").toAbsolutePath();

    private final Path folder;
    private final Path cache;
    private final Map<String, String> environment = new HashMap<>();

    /** What one command left behind. */
    record Outcome(int exit, String out, String err) {}

    InstalledCli(Path folder) {
        this(folder, folder.resolve("cache"));
    }

    InstalledCli(Path folder, Path cache) {
        this.folder = folder;
        this.cache = cache;
    }

    /** With a cache that other classes of tests fill too; of them only one may run benchmarks. */
    static InstalledCli sharing(Path folder) {
        return new InstalledCli(folder, SHARED_CACHE);
    }

    /** With a further environment variable. */
    InstalledCli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Path store() {
        return folder.resolve("runs.db");
    }

    Path cache() {
        return cache;
    }

    /** Runs a command to its end. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end after " + LIMIT_SECONDS + " s: " + err());
        }
        return new Outcome(process.exitValue(), Files.readString(folder.resolve("out")), err());
    }

    /** Starts a command; its output goes to files. */
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(heedingInterrupts());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dstdout.encoding=UTF-8",
                        "-Dstderr.encoding=UTF-8",
                        "-Drackmark.home=" + HOME,
                        "-cp",
                        HOME.resolve("target/rackmark/lib") + "/*",
                        "io.rackmark.runner.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile());
        builder.environment().put("RACKMARK_CACHE", cache().toString());
        builder.environment().put("RACKMARK_STORE", store().toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * Children ignore what their parent ignores (signal(7)), and a shell's background jobs ignore
     * SIGINT, bit 1 of the mask: such a parent starts them with the default again.
     */
    private static List<String> heedingInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                            .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                            .anyMatch(mask -> (mask & 2) != 0)
                    ? List.of("env", "--default-signal=INT")
                    : List.of();
        }
    }

    String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }
}
