package io.rackmark.runner.server;

import io.rackmark.engine.worker.WorkerEnvironment;
import io.rackmark.runner.plan.ServerPlan;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks a plan's server entry; gathers every fault. */
final class ServerCheck {
    /** Enough for any model on a disk; without a preset nobody knows better. */
    private static final int READY_SECONDS = 600;

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Options of the known servers that take a key; everybody can read a command line. */
    private static final Pattern KEY_OPTION =
            Pattern.compile(
                    "--?(api[-_]?keys?|hf[-_]token|auth[-_]token|access[-_]token|[a-z-_]*password|[a-z-_]*secret)(=.*)?");

    private final ServerPlan plan;
    private final Map<String, String> outer;
    private final List<String> faults = new ArrayList<>();

    private ServerCheck(ServerPlan plan, Map<String, String> outer) {
        this.plan = plan;
        this.outer = outer;
    }

    static List<String> faults(ServerPlan plan, Map<String, String> outer) {
        ServerCheck check = new ServerCheck(plan, outer);
        if (plan.preset().isEmpty()) {
            check.wholeCommand();
        } else {
            Presets.find(plan.preset())
                    .ifPresentOrElse(
                            check::preset,
                            () ->
                                    check.fault(
                                            "server.preset is '%s'; known: %s; any other server can be started by 'command'"
                                                    .formatted(
                                                            plan.preset(),
                                                            String.join(", ", Presets.names()))));
        }
        check.words();
        check.environment();
        return check.faults;
    }

    /** Without a preset the plan's own command is one. */
    static Preset ofCommand(ServerPlan plan) {
        String program = plan.command().getFirst();
        return new Preset(
                Path.of(program).getFileName().toString(),
                List.of(program),
                "install it, or write the path of the program in 'command'",
                Preset.ModelKind.ANY,
                plan.command().subList(1, plan.command().size()),
                List.of(),
                Map.of(),
                new Preset.Ready("/v1/models", READY_SECONDS),
                null,
                plan.model().isEmpty() ? null : "plan",
                List.of(),
                null,
                Map.of());
    }

    private void wholeCommand() {
        if (plan.command().isEmpty() || plan.command().getFirst().isBlank()) {
            fault(
                    "server has neither preset nor command; presets: "
                            + String.join(", ", Presets.names()));
        } else if (plan.port() == 0
                && plan.command().stream().noneMatch(word -> word.contains("{port}"))
                && plan.environment().values().stream().noneMatch(v -> v.contains("{port}"))) {
            fault(
                    "server.command says nowhere which port to use; write {port} in it, or give the"
                            + " server's own as 'port'");
        }
        if (!plan.options().isEmpty()) {
            fault("server.options are those of a preset; write the words into 'command'");
        }
    }

    private void preset(Preset preset) {
        if (plan.model().isBlank()) {
            fault("server.model is missing; %s needs one".formatted(preset.title()));
        } else if (preset.model() == Preset.ModelKind.FILE && !exists(plan.model())) {
            fault(
                    "server.model '%s' is no file; %s takes the path of a GGUF file, which 'rackmark models convert' makes"
                            .formatted(plan.model(), preset.title()));
        }
        plan.options().forEach((name, value) -> option(preset, name, value));
    }

    private void option(Preset preset, String name, String value) {
        Preset.Option option = preset.options().get(name);
        if (option == null) {
            fault(
                    "server.options has '%s', which %s does not take; known: %s; any other flag goes into 'args'"
                            .formatted(
                                    name,
                                    preset.title(),
                                    String.join(", ", preset.options().keySet())));
            return;
        }
        String wanted =
                switch (option.kind()) {
                    case COUNT -> COUNT.matcher(value).matches() ? "" : "a whole number";
                    case CHOICE ->
                            option.values().containsKey(value)
                                    ? ""
                                    : "one of " + String.join(", ", option.values().keySet());
                    case TEXT ->
                            value.isBlank()
                                            || (value.startsWith("-")
                                                    && !COUNT.matcher(value.substring(1)).matches())
                                    ? "a value, not an option"
                                    : "";
                };
        if (!wanted.isEmpty()) {
            fault("server.options.%s is '%s'; it must be %s".formatted(name, value, wanted));
        }
    }

    private void words() {
        if (plan.model().startsWith("-")) {
            fault("server.model '%s' looks like an option".formatted(plan.model()));
        }
        List<String> words = new ArrayList<>(plan.command());
        words.addAll(plan.arguments());
        for (String word : words) {
            if (word.indexOf('\0') >= 0) {
                fault("a word of server.command or server.args holds a NUL character");
            }
            if (KEY_OPTION.matcher(word).matches()) {
                fault(
                        "%s puts a key on the command line, where every user can read it; give it in 'env' as ${NAME}"
                                .formatted(word.replaceAll("=.*", "")));
            }
        }
    }

    private void environment() {
        plan.environment().forEach(this::variable);
    }

    private void variable(String name, String value) {
        if (!VARIABLE_NAME.matcher(name).matches()) {
            fault("server.env has '%s', which is no name of a variable".formatted(name));
        }
        List<String> references = LaunchBuilder.references(value);
        if (WorkerEnvironment.secret(name) && !value.matches("\\$\\{[A-Za-z_][A-Za-z0-9_]*}")) {
            fault(
                    "server.env.%s would keep a secret in the plan; write ${%s} and export the variable"
                            .formatted(name, name));
        }
        references.stream()
                .filter(reference -> !outer.containsKey(reference))
                .forEach(
                        reference ->
                                fault(
                                        "server.env.%s takes ${%s}, which is not set; export it"
                                                .formatted(name, reference)));
    }

    private static boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void fault(String message) {
        faults.add(message);
    }
}
