package io.rackmark.runner.cli;

import io.rackmark.engine.remote.RemoteClient;
import io.rackmark.engine.remote.RemoteModel;
import io.rackmark.model.Catalogue;
import io.rackmark.model.CatalogueEntry;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import io.rackmark.model.PulledModel;
import io.rackmark.runner.plan.RemotePlan;
import io.rackmark.runner.remote.RemoteTarget;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.RemoteStock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rackmark models list}: what is known by name and what is on this disk. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List known models and those on this disk.")
final class ModelsListCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Places places;

    @Option(
            names = "--provider",
            paramLabel = "P",
            description = "ask this provider for the models it serves")
    private @Nullable String provider;

    @Option(names = "--url", paramLabel = "URL", description = "ask the endpoint at this address")
    private @Nullable String url;

    @Option(names = "--json", description = "print as JSON")
    private boolean json;

    ModelsListCommand() {}

    /**
     * One model.
     *
     * @param id on the hub; empty for the embedded model
     * @param parameters empty for a model that the catalogue does not know
     * @param directory where it lies; empty if it is not on this disk
     * @param bytes of its files there
     */
    record Listed(
            String name,
            Optional<String> id,
            Optional<String> revision,
            OptionalLong parameters,
            Optional<String> licence,
            boolean gated,
            Optional<String> runs,
            String description,
            Optional<String> directory,
            OptionalLong bytes) {}

    @Override
    public Integer call() {
        if (provider != null || url != null) {
            return served();
        }
        List<Listed> models = models(places.home());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, models);
            return ExitCode.DONE;
        }
        out.println(known(models.stream().filter(m -> m.parameters().isPresent()).toList()));
        List<Listed> others = models.stream().filter(m -> m.parameters().isEmpty()).toList();
        if (!others.isEmpty()) {
            out.println();
            out.println(others(others));
        }
        out.println("size: parameters. *: gated, accept the licence on its page first.");
        out.println("Fetch one with: rackmark models pull MODEL, or any org/name of the hub.");
        return ExitCode.DONE;
    }

    private int served() {
        RemotePlan remote = new RemotePlan(provider == null ? RemotePlan.CUSTOM : provider, url);
        RemoteTarget target = RemoteStock.find(places.home(), null).target(remote, "any");
        List<RemoteModel> models;
        try (RemoteClient client = target.open()) {
            models = client.models();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, models);
            return ExitCode.DONE;
        }
        out.println(
                Tables.of(
                        models,
                        List.of(
                                Tables.text("model", m -> Terminal.safe(m.id())),
                                Tables.number(
                                        "context",
                                        m ->
                                                m.contextTokens() == null
                                                        ? "–"
                                                        : "" + m.contextTokens()),
                                Tables.text("quantised", m -> orDash(m.quantization())),
                                Tables.text("by", m -> orDash(m.ownedBy())))));
        return ExitCode.DONE;
    }

    private static String orDash(@Nullable String told) {
        return told == null ? "–" : Terminal.safe(told);
    }

    private static String known(List<Listed> models) {
        return Tables.of(
                models,
                List.of(
                        Tables.text("model", Listed::name),
                        Tables.number("size", m -> parameters(m.parameters())),
                        Tables.text("licence", ModelsListCommand::terms),
                        Tables.text("runs in", m -> m.runs().orElse("–")),
                        Tables.number("on disk", m -> bytes(m.bytes())),
                        Tables.text("", Listed::description)));
    }

    private static String others(List<Listed> models) {
        return Tables.of(
                models,
                List.of(
                        Tables.text("also pulled", Listed::name),
                        Tables.text("licence", ModelsListCommand::terms),
                        Tables.number("on disk", m -> bytes(m.bytes()))));
    }

    private static List<Listed> models(Home home) {
        Catalogue catalogue = home.catalogue();
        List<Listed> models = new ArrayList<>();
        for (CatalogueEntry entry : catalogue.entries()) {
            models.add(listed(entry, catalogue.directory(entry)));
        }
        Set<Optional<ModelId>> known =
                catalogue.entries().stream().map(CatalogueEntry::id).collect(Collectors.toSet());
        for (ModelStore.Stored stored : home.models().list()) {
            if (!known.contains(Optional.of(stored.id()))) {
                models.add(listed(stored));
            }
        }
        return models;
    }

    private static Listed listed(CatalogueEntry entry, Optional<Path> directory) {
        return new Listed(
                entry.name(),
                entry.id().map(ModelId::repository),
                entry.id().map(ModelId::revision),
                OptionalLong.of(entry.parameters()),
                Optional.of(entry.licence()),
                entry.gated(),
                Optional.of(
                        switch (entry.runs()) {
                            case IN_PROCESS -> "process";
                            case SERVER -> "server";
                        }),
                entry.description(),
                directory.map(Path::toString),
                directory.isPresent() ? size(directory.get()) : OptionalLong.empty());
    }

    private static Listed listed(ModelStore.Stored stored) {
        return new Listed(
                stored.id().toString(),
                Optional.of(stored.id().repository()),
                Optional.of(stored.id().revision()),
                OptionalLong.empty(),
                stored.pulled().licence(),
                stored.pulled().gated(),
                Optional.empty(),
                "pulled from " + stored.pulled().source(),
                Optional.of(stored.directory().toString()),
                OptionalLong.of(stored.pulled().bytes()));
    }

    private static OptionalLong size(Path directory) {
        Optional<PulledModel> pulled = ModelStore.manifest(directory);
        if (pulled.isPresent()) {
            return OptionalLong.of(pulled.get().bytes());
        }
        try (Stream<Path> files = Files.list(directory)) {
            long total = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                total += Files.size(file);
            }
            return OptionalLong.of(total);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String terms(Listed model) {
        return model.licence().orElse("–") + (model.gated() ? " *" : "");
    }

    private static String parameters(OptionalLong parameters) {
        if (parameters.isEmpty()) {
            return "–";
        }
        double millions = parameters.getAsLong() / 1e6;
        return millions < 1000
                ? String.format(Locale.ROOT, "%.0fM", millions)
                : String.format(Locale.ROOT, "%.1fB", millions / 1000);
    }

    private static String bytes(OptionalLong bytes) {
        return bytes.isPresent() ? Amounts.bytes(bytes.getAsLong()) : "–";
    }
}
