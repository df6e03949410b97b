package io.rackmark.runner.server;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of server is started, as {@code presets.yaml} says it; the comment there explains
 * the keys.
 *
 * @param configArguments words that name the configuration file; used when an option has an entry
 *     for it
 * @param requestModel {@code plan} when requests name the model as the plan does; else as the
 *     server lists it
 */
record Preset(
        String title,
        List<String> program,
        String remedy,
        ModelKind model,
        List<String> arguments,
        List<String> configArguments,
        Map<String, String> environment,
        Ready ready,
        @Nullable Version version,
        @Nullable String requestModel,
        List<Step> steps,
        @Nullable Timings timings,
        Map<String, Option> options) {

    Preset {
        program = copy(program);
        arguments = copy(arguments);
        configArguments = copy(configArguments);
        environment = copy(environment);
        steps = copy(steps);
        options = copy(options);
    }

    enum ModelKind {
        /** A file or folder that must exist. */
        FILE,
        /** That, or a name that the server resolves. */
        ANY
    }

    /**
     * @param path answers with status 200 once the server can be used
     * @param seconds from start to ready
     */
    record Ready(String path, int seconds) {}

    /**
     * Where the running server tells its version.
     *
     * @param path of a JSON object; null when a command tells it
     * @param field of that object
     * @param command words after the program
     */
    record Version(@Nullable String path, @Nullable String field, List<String> command) {
        Version {
            command = copy(command);
        }
    }

    /**
     * A POST between ready and usable.
     *
     * @param when only with this option so set; null always
     */
    record Step(String name, String path, Map<String, Object> body, @Nullable When when) {}

    record When(String option, String is) {}

    /** A request whose answer holds the server's own times. */
    record Timings(NativeTimings.Form form, String path, Map<String, Object> body) {}

    enum OptionKind {
        COUNT,
        TEXT,
        CHOICE
    }

    /**
     * What an option adds to the command line, the environment and the configuration file.
     *
     * @param unset value when the plan gives none; null adds nothing then
     * @param values words per value of a choice
     * @param configs configuration per value of a choice
     */
    record Option(
            OptionKind kind,
            @com.fasterxml.jackson.annotation.JsonProperty("default") @Nullable String unset,
            List<String> arguments,
            Map<String, String> environment,
            Map<String, Object> config,
            Map<String, List<String>> values,
            Map<String, Map<String, Object>> configs) {
        Option {
            arguments = copy(arguments);
            environment = copy(environment);
            config = copy(config);
            values = copy(values);
            configs = copy(configs);
        }

        /** Words for one value. */
        List<String> words(String value) {
            return kind == OptionKind.CHOICE
                    ? Objects.requireNonNull(values.get(value))
                    : arguments;
        }

        /** Configuration for one value. */
        Map<String, Object> configuration(String value) {
            return configs.getOrDefault(value, config);
        }
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static <T> Map<String, T> copy(@Nullable Map<String, T> map) {
        return map == null
                ? Map.of()
                : java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(map));
    }
}
