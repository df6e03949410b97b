package io.rackmark.engine.worker;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The environment of a worker: inherited without secrets, offline, then what the spec gives. */
public final class WorkerEnvironment {
    private static final Pattern SECRET =
            Pattern.compile("API_?KEY|.*_API_KEY|.*_TOKEN|.*SECRET.*|.*PASSWORD.*");

    private WorkerEnvironment() {}

    static Map<String, String> of(Map<String, String> inherited, Map<String, String> given) {
        Map<String, String> environment = new TreeMap<>();
        inherited.forEach(
                (name, value) -> {
                    if (!secret(name)) {
                        environment.put(name, value);
                    }
                });
        environment.put("DJL_OFFLINE", "true");
        environment.put("OPT_OUT_TRACKING", "true");
        // From 1.29 on ONNX Runtime's Linux builds, too, report usage to their maker.
        environment.put("ORT_DISABLE_TELEMETRY", "1");
        // GNU OpenMP's threads otherwise spin for whole milliseconds after each parallel region.
        environment.putIfAbsent("GOMP_SPINCOUNT", "1000");
        environment.putAll(given);
        return environment;
    }

    /** Whether a variable of this name is taken to hold a secret. */
    public static boolean secret(String name) {
        return SECRET.matcher(name.toUpperCase(Locale.ROOT)).matches();
    }
}
