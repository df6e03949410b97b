package io.rackmark.engine.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a worker is started.
 *
 * @param engineId the engine that the class path must hold
 * @param classPath jars and folders of the child, this module among them
 * @param options of the engine, as a plan gives them; checked by the worker
 * @param jvmArguments added after the defaults, so that they win
 * @param environment added to the inherited variables, secrets taken out first; these win
 * @param workDirectory for the worker's log and crash reports; made when missing
 * @param timeouts before the worker counts as hung
 */
public record WorkerSpec(
        String engineId,
        List<Path> classPath,
        Map<String, String> options,
        List<String> jvmArguments,
        Map<String, String> environment,
        Path workDirectory,
        Timeouts timeouts) {

    public WorkerSpec {
        classPath = List.copyOf(classPath);
        options = Map.copyOf(options);
        jvmArguments = List.copyOf(jvmArguments);
        environment = Map.copyOf(environment);
        if (classPath.isEmpty()) {
            throw new IllegalArgumentException("the class path of a worker must not be empty");
        }
    }

    /** Default timeouts, no further arguments or variables. */
    public static WorkerSpec of(
            String engineId,
            List<Path> classPath,
            Map<String, String> options,
            Path workDirectory) {
        return new WorkerSpec(
                engineId, classPath, options, List.of(), Map.of(), workDirectory, Timeouts.DEFAULT);
    }
}
