package io.rackmark.runner.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts local servers. */
public final class ManagedServer {
    private ManagedServer() {}

    /**
     * Starts a server and returns when its model is loaded. Whatever happens then, also the end of
     * this process by SIGKILL, the server and all that it started are ended.
     *
     * @param listener told about once a second meanwhile, on this thread
     * @throws ServerException when it does not come up; it is stopped by then
     */
    public static RunningServer start(ServerSpec spec, ServerListener listener) {
        spec.requireProgram();
        int port = port(spec);
        Launch launch = spec.launch(port);
        ServerLog log = new ServerLog(prepare(spec, launch, port), launch.secrets());
        long execNanos = System.nanoTime();
        Supervisor supervisor = Supervisor.start(launch, spec.stopGrace(), log.file());
        LoopbackHttp http = new LoopbackHttp(port);
        try {
            ServerStages stages =
                    new Startup(
                                    spec,
                                    supervisor,
                                    log,
                                    http,
                                    listener,
                                    new Startup.Start(port, execNanos))
                            .await();
            return new RunningServer(spec, launch, supervisor, log, http, stages).described(port);
        } catch (RuntimeException e) {
            http.close();
            supervisor.stop();
            log.redact();
            throw e;
        }
    }

    /** A free port, or the plan's when nothing listens there: an answer must be our server's. */
    private static int port(ServerSpec spec) {
        int wanted = spec.plan().port();
        try (ServerSocket probe =
                new ServerSocket(wanted, 1, InetAddress.ofLiteral(LaunchBuilder.HOST))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new ServerException(
                    ServerException.Kind.PORT_IN_USE,
                    "port %d is in use; stop the program that uses it, or leave 'port' out for a free one"
                            .formatted(wanted),
                    List.of());
        }
    }

    /** Makes the folder, the configuration file and an empty log. */
    private static Path prepare(ServerSpec spec, Launch launch, int port) {
        try {
            Files.createDirectories(spec.workDirectory());
            @Nullable String config = launch.config();
            if (config != null) {
                Files.writeString(spec.configFile(), config);
            }
            Path log =
                    spec.workDirectory()
                            .resolve(
                                    "%s-%d-%d.log".formatted(spec.name(), port, System.nanoTime()));
            return Files.createFile(
                    log,
                    java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        } catch (IOException | UnsupportedOperationException e) {
            throw new ServerException(
                    ServerException.Kind.UNAVAILABLE,
                    "cannot write the server's log to %s: %s"
                            .formatted(spec.workDirectory(), e.getMessage()),
                    List.of());
        }
    }
}
