package io.rackmark.runner.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A local server that is started for the cells of one system and stopped after them.
 *
 * @param preset name of a preset; empty when {@code command} is the whole command line
 * @param command program words that replace the preset's, or a whole command line in which {@code
 *     {model}}, {@code {host}} and {@code {port}} are filled in; empty takes the preset's program
 * @param model path or name, as the server takes it; empty only without a preset
 * @param options of the preset
 * @param arguments further words, after all others and as they are
 * @param environment variables for the server; {@code ${NAME}} in a value is taken from Rackmark's
 *     environment, and a secret must be given in that form
 * @param readyPath answers with status 200 once the server can be used; empty takes the preset's
 * @param readySeconds from start to ready, in seconds; 0 takes the preset's
 * @param port TCP port on the loopback interface; 0 finds a free one
 * @param stopSeconds from SIGTERM to SIGKILL, in seconds
 */
public record ServerPlan(
        String preset,
        List<String> command,
        String model,
        Map<String, String> options,
        List<String> arguments,
        Map<String, String> environment,
        String readyPath,
        int readySeconds,
        int port,
        int stopSeconds) {

    public ServerPlan {
        command = List.copyOf(command);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    }

    /** A preset with a model, all else by default. */
    public static ServerPlan of(String preset, String model, Map<String, String> options) {
        return new ServerPlan(
                preset,
                List.of(),
                model,
                options,
                List.of(),
                Map.of(),
                "",
                0,
                0,
                ServerPlanReader.STOP_SECONDS);
    }

    /** The same with another program. */
    public ServerPlan withCommand(List<String> words) {
        return new ServerPlan(
                preset,
                words,
                model,
                options,
                arguments,
                environment,
                readyPath,
                readySeconds,
                port,
                stopSeconds);
    }

    /** The same with another model, such as the file that a catalogue name stands for. */
    public ServerPlan withModel(String other) {
        return new ServerPlan(
                preset,
                command,
                other,
                options,
                arguments,
                environment,
                readyPath,
                readySeconds,
                port,
                stopSeconds);
    }
}
