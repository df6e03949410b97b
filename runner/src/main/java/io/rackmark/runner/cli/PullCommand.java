package io.rackmark.runner.cli;

import io.rackmark.model.ModelId;
import io.rackmark.model.PulledModel;
import io.rackmark.model.pull.FolderSource;
import io.rackmark.model.pull.HubClient;
import io.rackmark.model.pull.HubFile;
import io.rackmark.model.pull.HubSource;
import io.rackmark.model.pull.HubToken;
import io.rackmark.model.pull.ProxyRules;
import io.rackmark.model.pull.PullPlan;
import io.rackmark.model.pull.PullRequest;
import io.rackmark.model.pull.PullResult;
import io.rackmark.model.pull.PullSource;
import io.rackmark.model.pull.Puller;
import io.rackmark.runner.run.Home;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models pull}: fetches a model into the store. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = "Fetch a model from a hub, a mirror or a folder.",
        footer = {
            "",
            "Environment: HF_TOKEN     token of your account, for gated and private models",
            "             HF_ENDPOINT  address of the hub or mirror, as --from",
            "             HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
            "A pull that was interrupted goes on where it stopped: type it again."
        })
final class PullCommand implements Callable<Integer> {
    /** Environment variable with the hub's address, as for the hub's own clients. */
    private static final String ENDPOINT = "HF_ENDPOINT";

    @Spec private CommandSpec spec;
    @Mixin private Places places;

    @Parameters(paramLabel = "MODEL", description = "catalogue name, or org/name[@revision]")
    private String model = "";

    @Option(
            names = "--from",
            paramLabel = "URL|DIR",
            description = "mirror, or folder with the files (default: " + HubClient.HUB + ")")
    private @Nullable String from;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "fetch these files too, for example '*.gguf'; may be repeated")
    private List<String> includes = List.of();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "" + PullRequest.USUAL_PARALLEL,
            description = "files at the same time (default: ${DEFAULT-VALUE})")
    private int parallel;

    @Option(names = "--dry-run", description = "say what would be fetched, and fetch nothing")
    private boolean dryRun;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    PullCommand() {}

    /**
     * The result for programs.
     *
     * @param status {@code pulled}, {@code present} or {@code planned}
     * @param fetchedBytes this time
     */
    record Outcome(
            String id,
            String status,
            String directory,
            String source,
            String commit,
            Optional<String> licence,
            boolean gated,
            long bytes,
            long fetchedBytes,
            List<OutcomeFile> files) {}

    /**
     * @param bytes empty when the source does not say
     * @param sha256 empty when not known before the pull
     */
    record OutcomeFile(String name, OptionalLong bytes, Optional<String> sha256) {}

    @Override
    public Integer call() {
        Home home = places.home();
        PullRequest request = request(home.catalogue().hubId(model));
        String address = from == null ? System.getenv().getOrDefault(ENDPOINT, "") : from;
        if (address.isBlank()) {
            address = HubClient.HUB;
        }
        if (!address.contains("://")) {
            return run(home, request, new FolderSource(folder(address)));
        }
        Map<String, String> environment = System.getenv();
        try (HubClient client =
                new HubClient(
                        address,
                        HubToken.from(environment),
                        ProxyRules.of(environment, System.getProperties()),
                        HubClient.Timeouts.USUAL)) {
            return run(home, request, new HubSource(client));
        }
    }

    private int run(Home home, PullRequest request, PullSource source) {
        PrintWriter out = spec.commandLine().getOut();
        try (PullView view = new PullView(spec.commandLine().getErr(), Terminal.interactive())) {
            Puller puller = new Puller(home.models(), source, view);
            Outcome outcome =
                    dryRun ? outcome(puller.plan(request)) : outcome(puller.pull(request), view);
            if (json) {
                Json.print(out, outcome);
            } else {
                print(out, outcome);
            }
        }
        return ExitCode.DONE;
    }

    private PullRequest request(ModelId id) {
        try {
            return new PullRequest(id, includes, parallel);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--parallel: " + e.getMessage(), e);
        }
    }

    private Path folder(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ParameterException(
                    spec.commandLine(), "--from: neither an address nor a folder", e);
        }
    }

    private void print(PrintWriter out, Outcome outcome) {
        if (outcome.status().equals("planned")) {
            out.println(
                    Tables.of(
                            outcome.files(),
                            List.of(
                                    Tables.text("file", OutcomeFile::name),
                                    Tables.number(
                                            "size",
                                            f ->
                                                    f.bytes().isPresent()
                                                            ? Amounts.bytes(f.bytes().getAsLong())
                                                            : "–"))));
        }
        out.printf(
                "%s: %s, %d files, %s %s%n",
                outcome.id(),
                outcome.status(),
                outcome.files().size(),
                Amounts.bytes(outcome.bytes()),
                outcome.status().equals("planned")
                        ? "would go to " + outcome.directory()
                        : "in " + outcome.directory());
        out.println("Licence: " + Terminal.safe(outcome.licence().orElse("not stated")));
        if (outcome.gated()) {
            out.println(
                    "It is gated: whoever uses it accepts the licence on the model's page first.");
        }
        if (!outcome.status().equals("planned")) {
            out.println("Next: rackmark run --model " + model);
        }
    }

    private static Outcome outcome(PullPlan plan) {
        return new Outcome(
                plan.id().toString(),
                "planned",
                plan.directory().toString(),
                plan.source(),
                plan.listing().commit(),
                plan.listing().licence(),
                plan.listing().gated(),
                plan.bytes(),
                0,
                plan.files().stream().map(PullCommand::file).toList());
    }

    private static Outcome outcome(PullResult result, PullView view) {
        view.finish();
        PulledModel pulled = result.model();
        return new Outcome(
                pulled.id(),
                result.wasPresent() ? "present" : "pulled",
                result.directory().toString(),
                pulled.source(),
                pulled.commit(),
                pulled.licence(),
                pulled.gated(),
                pulled.bytes(),
                result.fetchedBytes(),
                pulled.files().stream().map(PullCommand::file).toList());
    }

    private static OutcomeFile file(HubFile file) {
        return new OutcomeFile(file.path(), file.bytes(), file.sha256());
    }

    private static OutcomeFile file(PulledModel.File file) {
        return new OutcomeFile(
                file.name(), OptionalLong.of(file.bytes()), Optional.of(file.sha256()));
    }
}
