package io.rackmark.engine.worker;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a worker. */
final class WorkerArguments {
    private WorkerArguments() {}

    /**
     * @param mainClass takes the socket's path and the engine's id
     */
    static List<String> of(WorkerSpec spec, Class<?> mainClass, Path socket) {
        List<String> arguments = new ArrayList<>();
        arguments.add(
                Path.of(System.getProperty("java.home"), "bin", "java")
                        .toAbsolutePath()
                        .toString());
        arguments.addAll(defaults(spec.workDirectory().toAbsolutePath()));
        if (spec.jvmArguments().stream().noneMatch(a -> a.matches("-XX:\\+Use\\w+GC"))) {
            // The JVM refuses two collectors, so the default one gives way.
            arguments.add("-XX:+UseSerialGC");
        }
        arguments.addAll(spec.jvmArguments());
        arguments.add("-cp");
        arguments.add(
                spec.classPath().stream()
                        .map(path -> path.toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)));
        arguments.add(mainClass.getName());
        arguments.add(socket.toString());
        arguments.add(spec.engineId());
        return arguments;
    }

    private static List<String> defaults(Path workDirectory) {
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                // Weights and caches live outside the heap; it holds tokenizer tables and requests.
                "-Xmx1g",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + workDirectory.resolve("hs_err_pid%p.log"),
                "-XX:ErrorLogTimeout=10",
                "-Dai.djl.offline=true",
                "-Djava.awt.headless=true",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8");
    }
}
