package io.rackmark.runner.server;

import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.ServerPlan;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checked {@link ServerPlan}: everything that starting the server takes. */
public final class ServerSpec {
    private final ServerPlan plan;
    private final Preset preset;
    private final Map<String, String> outer;
    private final Path workDirectory;

    private ServerSpec(
            ServerPlan plan, Preset preset, Map<String, String> outer, Path workDirectory) {
        this.plan = plan;
        this.preset = preset;
        this.outer = Map.copyOf(outer);
        this.workDirectory = workDirectory;
    }

    /**
     * Checks a plan entry.
     *
     * @param workDirectory for the server's log and configuration; made when missing
     * @throws PlanException with every fault
     */
    public static ServerSpec of(ServerPlan plan, Path workDirectory) {
        return of(plan, workDirectory, System.getenv());
    }

    static ServerSpec of(ServerPlan plan, Path workDirectory, Map<String, String> outer) {
        List<String> faults = ServerCheck.faults(plan, outer);
        if (!faults.isEmpty()) {
            throw new PlanException(faults);
        }
        Preset preset = Presets.find(plan.preset()).orElseGet(() -> ServerCheck.ofCommand(plan));
        return new ServerSpec(plan, preset, outer, workDirectory.toAbsolutePath());
    }

    /** One sentence per fault of a plan entry; none for a sound one. */
    public static List<String> faults(ServerPlan plan) {
        return ServerCheck.faults(plan, System.getenv());
    }

    /** Id of the preset, or the program's file name. */
    public String name() {
        return plan.preset().isEmpty()
                ? Path.of(plan.command().getFirst()).getFileName().toString()
                : plan.preset();
    }

    /** For messages. */
    public String title() {
        return preset.title();
    }

    public ServerPlan plan() {
        return plan;
    }

    /** The model when it is a file or folder of this machine, so that its pages can be evicted. */
    public Optional<Path> weights() {
        try {
            return Optional.of(Path.of(plan.model())).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the program is here.
     *
     * @throws ServerException of kind {@code UNAVAILABLE}, naming the remedy
     */
    public void requireProgram() {
        launch(1);
    }

    Preset preset() {
        return preset;
    }

    Path workDirectory() {
        return workDirectory;
    }

    Path configFile() {
        return workDirectory.resolve("server-config.yaml");
    }

    String readyPath() {
        return plan.readyPath().isEmpty() ? preset.ready().path() : plan.readyPath();
    }

    Duration readyLimit() {
        return Duration.ofSeconds(
                plan.readySeconds() == 0 ? preset.ready().seconds() : plan.readySeconds());
    }

    Duration stopGrace() {
        return Duration.ofSeconds(plan.stopSeconds());
    }

    Launch launch(int port) {
        return new LaunchBuilder(plan, preset, outer, configFile()).at(port);
    }

    /** The value of an option that is set, by plan or default; empty when it is not. */
    String option(String name) {
        return LaunchBuilder.options(plan, preset).getOrDefault(name, "");
    }
}
