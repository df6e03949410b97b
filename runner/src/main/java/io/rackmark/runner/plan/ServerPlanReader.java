package io.rackmark.runner.plan;

import java.util.Optional;
import java.util.Set;

/** The form of a plan's {@code server} entry; what its words mean is checked where presets are. */
final class ServerPlanReader {
    /**
     * Servers that free device memory take seconds; one that hangs must not hold up a night's run.
     */
    static final int STOP_SECONDS = 10;

    static final Set<String> SERVER_KEYS =
            Set.of("preset", "command", "model", "options", "args", "env", "ready", "port", "stop");

    static final Set<String> READY_KEYS = Set.of("path", "seconds");

    private ServerPlanReader() {}

    static ServerPlan read(YamlMap map) {
        Optional<YamlMap> ready = map.map("ready", READY_KEYS);
        return new ServerPlan(
                map.text("preset", ""),
                map.texts("command"),
                map.text("model", ""),
                map.textMap("options"),
                map.texts("args"),
                map.textMap("env"),
                ready.map(r -> r.text("path", "")).orElse(""),
                ready.map(r -> r.count("seconds", 0, 1, 86_400)).orElse(0),
                map.count("port", 0, 1, 65_535),
                map.count("stop", STOP_SECONDS, 0, 600));
    }
}
