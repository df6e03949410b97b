package io.rackmark.runner.cli;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rackmark models rm}: takes a pulled model off the disk. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Remove a pulled model from this disk.")
final class RemoveCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Places places;

    @Parameters(paramLabel = "MODEL", description = "catalogue name, or org/name[@revision]")
    private String model = "";

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    RemoveCommand() {}

    @Override
    public Integer call() {
        ModelStore store = places.home().models();
        ModelId id = places.home().catalogue().hubId(model);
        Optional<ModelStore.Stored> stored = store.find(id);
        if (stored.isEmpty() && !store.begun(id)) {
            throw new ModelException(
                    ModelException.Kind.NOT_FOUND,
                    "the model %s is not on this disk".formatted(id));
        }
        String what =
                stored.map(
                                found ->
                                        "%s, %s in %s"
                                                .formatted(
                                                        id,
                                                        Amounts.bytes(found.pulled().bytes()),
                                                        found.directory()))
                        .orElse("what an interrupted pull of " + id + " left");
        if (!yes && !agreed(what)) {
            spec.commandLine().getErr().println("Nothing was removed.");
            return ExitCode.FAILED;
        }
        store.remove(id);
        spec.commandLine().getOut().println("Removed " + what);
        return ExitCode.DONE;
    }

    private boolean agreed(String what) {
        if (!Terminal.interactive()) {
            throw new ParameterException(
                    spec.commandLine(), "nobody is there to ask; say --yes to remove " + what);
        }
        @Nullable String answer = System.console().readLine("Remove %s? [y/N] ", what);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
