package io.rackmark.runner.cli;

import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.engine.worker.WorkerSpec;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.energy.RunningEnergy;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ResolvedSystem;
import io.rackmark.runner.run.SqlStock;
import io.rackmark.runner.serve.LoadedWorker;
import io.rackmark.runner.serve.ModelServer;
import io.rackmark.runner.serve.ServeSettings;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rackmark serve}: a local model as an OpenAI-compatible endpoint. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Serve a model on an OpenAI-compatible endpoint until Ctrl-C or SIGTERM.",
            "Listens on this machine alone unless told otherwise."
        },
        footer = {
            "",
            "Examples:",
            "  rackmark serve",
            "  rackmark serve --engine onnxruntime --precision int8 --slots 8 --context 4096",
            "  RACKMARK_API_KEY=… rackmark serve --host 0.0.0.0 --port 8000",
            "Then, from another terminal:",
            "  curl -s localhost:8080/v1/models",
            "  curl -s localhost:8080/v1/chat/completions -H 'Content-Type: application/json' \\",
            "    -d '{\"model\": \"embedded\", \"messages\": [{\"role\": \"user\","
                    + " \"content\": \"hi\"}]}'"
        })
final class ServeCommand implements Callable<Integer> {
    /** The worker's environment goes without it: its name ends as those of secrets do. */
    private static final String KEY = "RACKMARK_API_KEY";

    /** As many as two cores still decode faster together than one after the other. */
    private static final String SLOTS = "4";

    @Spec private CommandSpec spec;

    @Mixin private Places places;

    @Mixin private SystemFlags systems;

    @Mixin private MeterFlags meters;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address to listen on (default: ${DEFAULT-VALUE}, this machine alone)")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "port; 0: any free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "name that clients ask for (default: the model's)")
    private @Nullable String name;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = SLOTS,
            description =
                    "requests decoded together, each with a context of its own (default:"
                            + " ${DEFAULT-VALUE})")
    private int slots;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "" + ServeSettings.QUEUE,
            description =
                    "requests that may wait; more are refused with 429 (default:"
                            + " ${DEFAULT-VALUE})")
    private int queue;

    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            defaultValue = "" + ServeSettings.MAX_BODY_BYTES,
            description = "longest request body (default: ${DEFAULT-VALUE})")
    private int maxBody;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "25",
            description =
                    "how long running requests may go on after SIGTERM (default:"
                            + " ${DEFAULT-VALUE})")
    private int drain;

    @Option(
            names = "--no-key",
            description = "listen beyond this machine though $" + KEY + " is not set")
    private boolean noKey;

    ServeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        @Nullable String key = key();
        requireSense(key);
        MeterSetup energy = meters.setup(spec);
        Home home = places.home();
        EngineInventory engines = new EngineInventory(home);
        PrintWriter err = spec.commandLine().getErr();
        ResolvedSystem system;
        try (ConsoleView view = new ConsoleView(err, Terminal.interactive())) {
            system = new SingleSystem(home, engines, new SqlStock(home), view).resolve(systems);
            view.finish();
        }
        ServeSettings settings =
                new ServeSettings(
                        host,
                        port,
                        name == null ? system.files().name() : name,
                        system.system().id(),
                        queue,
                        maxBody,
                        ServeSettings.ARRIVAL,
                        Duration.ofSeconds(drain),
                        key);
        ModelServer server =
                ModelServer.start(settings, RunningEnergy.of(energy), () -> load(engines, system));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "drain"));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "Serving %s as '%s' on http://%s:%d/v1 (%d slots of %d tokens).%n",
                system.system().id(),
                settings.model(),
                host.contains(":") ? "[" + host + "]" : host,
                server.port(),
                server.facts().slots(),
                server.facts().contextTokens());
        out.flush();
        new CountDownLatch(1).await();
        return ExitCode.DONE;
    }

    private static @Nullable String key() {
        String key = System.getenv(KEY);
        return key == null || key.isBlank() ? null : key;
    }

    private void requireSense(@Nullable String key) {
        if (slots < 1 || queue < 0 || maxBody < 1 || drain < 0 || port < 0 || port > 65_535) {
            throw fault(
                    "need --slots and --max-body of at least 1, --port up to 65535, no negatives");
        }
        try {
            boolean local = InetAddress.getByName(host).isLoopbackAddress();
            if (!local && key == null && !noKey) {
                throw fault(
                        "--host %s can be reached from other machines: set %s, or say --no-key"
                                .formatted(host, KEY));
            }
        } catch (UnknownHostException e) {
            throw fault("--host %s is no address of this machine".formatted(host));
        }
    }

    private ParameterException fault(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private LoadedWorker load(EngineInventory engines, ResolvedSystem system) {
        LoadOptions one = system.load();
        WorkerSpec worker = engines.spec(system.plan().engine(), system.plan().options());
        WorkerProcess started = WorkerLauncher.start(worker);
        try {
            started.open();
            return new LoadedWorker(
                    started,
                    started.load(
                                    system.files(),
                                    new LoadOptions(
                                            one.contextTokens(),
                                            slots,
                                            one.threads(),
                                            one.device()))
                            .facts());
        } catch (WorkerException e) {
            started.close();
            throw e;
        }
    }
}
