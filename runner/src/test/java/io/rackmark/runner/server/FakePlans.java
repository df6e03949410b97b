package io.rackmark.runner.server;

import io.rackmark.runner.plan.ServerPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plan entries that start {@link FakeServer} and other small programs. */
public final class FakePlans {
    private FakePlans() {}

    /** The fake server with {@code port={port}} and further words. */
    public static ServerPlan fake(String... words) {
        List<String> command = new ArrayList<>(java());
        command.add("port={port}");
        command.addAll(List.of(words));
        return plan(command, Map.of(), "/health", 60, 1);
    }

    /** The fake server in the place of Ollama. */
    static ServerPlan ollama(String model, Map<String, String> options) {
        return ServerPlan.of("ollama", model, options).withCommand(java());
    }

    static ServerPlan plan(
            List<String> command, Map<String, String> env, String ready, int seconds, int stop) {
        return new ServerPlan("", command, "", Map.of(), List.of(), env, ready, seconds, 0, stop);
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                classes(),
                FakeServer.class.getName());
    }

    private static String classes() {
        return Path.of(
                        FakeServer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                .toString();
    }
}
