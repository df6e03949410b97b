package io.rackmark.runner.server;

import io.rackmark.engine.worker.WorkerEnvironment;
import io.rackmark.runner.plan.ServerPlan;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Makes the command line, environment and configuration file of a checked plan entry. */
final class LaunchBuilder {
    static final String HOST = "127.0.0.1";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final ServerPlan plan;
    private final Preset preset;
    private final Map<String, String> outer;
    private final Path configFile;

    LaunchBuilder(ServerPlan plan, Preset preset, Map<String, String> outer, Path configFile) {
        this.plan = plan;
        this.preset = preset;
        this.outer = outer;
        this.configFile = configFile;
    }

    /** Names of the variables that a value takes from Rackmark's environment. */
    static List<String> references(String value) {
        return REFERENCE.matcher(value).results().map(found -> found.group(1)).toList();
    }

    /** Options that are set, by the plan or by default. */
    static Map<String, String> options(ServerPlan plan, Preset preset) {
        Map<String, String> options = new TreeMap<>();
        preset.options()
                .forEach(
                        (name, option) -> {
                            if (option.unset() != null) {
                                options.put(name, option.unset());
                            }
                        });
        options.putAll(plan.options());
        return options;
    }

    /**
     * For one port.
     *
     * @throws ServerException when the program is not here
     */
    Launch at(int port) {
        Map<String, Object> values = new TreeMap<>();
        values.put("model", model());
        values.put("host", HOST);
        values.put("port", port);
        values.put("config", configFile.toString());
        Words words = new Words(values);
        List<String> arguments = new ArrayList<>(words.fill(preset.arguments()));
        Map<String, String> environment = inherited();
        Map<String, String> shown = new TreeMap<>();
        preset.environment().forEach((name, value) -> shown.put(name, words.fill(value)));
        Map<String, Object> config = new LinkedHashMap<>();
        options(plan, preset)
                .forEach(
                        (name, value) -> {
                            Preset.Option option =
                                    Objects.requireNonNull(preset.options().get(name));
                            Map<String, Object> more = new TreeMap<>(values);
                            more.put("value", value);
                            Words filled = new Words(more);
                            arguments.addAll(filled.fill(option.words(value)));
                            option.environment().forEach((k, v) -> shown.put(k, filled.fill(v)));
                            merge(config, option.configuration(value), filled);
                        });
        if (!config.isEmpty()) {
            arguments.addAll(words.fill(preset.configArguments()));
        }
        arguments.addAll(plan.arguments());
        List<String> secrets = new ArrayList<>();
        environment.putAll(shown);
        shown.putAll(plan.environment());
        plan.environment()
                .forEach((name, value) -> environment.put(name, resolved(value, words, secrets)));
        List<String> command = new ArrayList<>(program(environment));
        command.addAll(arguments);
        return new Launch(
                List.copyOf(command),
                environment,
                shown,
                List.copyOf(secrets),
                config.isEmpty() ? null : JsonMapper.shared().writeValueAsString(config));
    }

    /** A path becomes absolute, so that it means the same wherever the server looks. */
    private String model() {
        try {
            Path path = Path.of(plan.model());
            return !plan.model().isEmpty() && Files.exists(path)
                    ? path.toAbsolutePath().normalize().toString()
                    : plan.model();
        } catch (InvalidPathException e) {
            return plan.model();
        }
    }

    private Map<String, String> inherited() {
        Map<String, String> environment = new TreeMap<>();
        outer.forEach(
                (name, value) -> {
                    if (!WorkerEnvironment.secret(name)) {
                        environment.put(name, value);
                    }
                });
        return environment;
    }

    /** Whatever comes from the environment by name is taken for a secret. */
    private String resolved(String value, Words words, List<String> secrets) {
        String filled = words.fill(value);
        return REFERENCE
                .matcher(filled)
                .replaceAll(
                        found -> {
                            String secret = outer.getOrDefault(found.group(1), "");
                            if (!secret.isBlank()) {
                                secrets.add(secret);
                            }
                            return Matcher.quoteReplacement(secret);
                        });
    }

    private List<String> program(Map<String, String> environment) {
        List<String> words = new ArrayList<>(preset.program());
        if (!plan.preset().isEmpty() && !plan.command().isEmpty()) {
            words = new ArrayList<>(plan.command());
        }
        String found = find(words.getFirst(), environment.getOrDefault("PATH", ""));
        if (found.isEmpty()) {
            throw new ServerException(
                    ServerException.Kind.UNAVAILABLE,
                    "%s cannot be started: there is no program '%s'; %s"
                            .formatted(preset.title(), words.getFirst(), preset.remedy()),
                    List.of());
        }
        words.set(0, found);
        return words;
    }

    /** The absolute path of an executable; empty when there is none. */
    private static String find(String program, String path) {
        List<String> folders =
                program.indexOf('/') >= 0 ? List.of("") : List.of(path.split(File.pathSeparator));
        for (String folder : folders) {
            Path file = Path.of(folder, program).toAbsolutePath();
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return "";
    }

    private static void merge(Map<String, Object> into, Map<String, Object> more, Words words) {
        more.forEach(
                (key, value) -> {
                    if (value instanceof Map<?, ?> map) {
                        Map<String, Object> inner = new LinkedHashMap<>();
                        if (into.get(key) instanceof Map<?, ?> old) {
                            old.forEach((k, v) -> inner.put(k.toString(), v));
                        }
                        Map<String, Object> added = new LinkedHashMap<>();
                        map.forEach((k, v) -> added.put(k.toString(), v));
                        merge(inner, added, words);
                        into.put(key, inner);
                    } else {
                        into.put(key, words.tree(value));
                    }
                });
    }
}
