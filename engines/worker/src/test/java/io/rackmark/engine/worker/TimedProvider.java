package io.rackmark.engine.worker;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFacts;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import java.util.List;
import java.util.Set;

/** An engine with known token times, which fails on demand. */
public final class TimedProvider implements EngineProvider {
    private static final EngineDescription DESCRIPTION =
            new EngineDescription(
                    "timed",
                    "Timed",
                    "Makes tokens at known times.",
                    Set.of(ModelFormat.GGUF),
                    List.of(Precision.F32),
                    List.of(Precision.F32),
                    List.of(
                            count("token-ms", "milliseconds between tokens"),
                            count("open-ms", "milliseconds to open"),
                            new OptionSpec(
                                    "misdeed",
                                    OptionSpec.Kind.TEXT,
                                    "none",
                                    "what goes wrong at token 3: none, hang, heap, thrown-native,"
                                            + " segv, exit, collect, bell")));

    @Override
    public EngineDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public Availability probe(OptionValues options) {
        return new Availability.Available(
                "1", List.of(new Device("cpu", "CPU")), List.of(new Fact("build", "test")));
    }

    @Override
    public Engine open(OptionValues options) {
        pause(options.count("open-ms", 0));
        return new TimedEngine(options);
    }

    private static OptionSpec count(String name, String help) {
        return new OptionSpec(name, OptionSpec.Kind.COUNT, null, help);
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new EngineException(EngineException.Kind.INTERNAL, "interrupted", e);
        }
    }

    private record TimedEngine(OptionValues options) implements Engine {
        @Override
        public List<Fact> facts() {
            return List.of(new Fact("library", "none"));
        }

        @Override
        public LoadedModel load(ModelFiles files, LoadOptions load) {
            if (files.name().equals("broken")) {
                throw new EngineException(
                        EngineException.Kind.BAD_MODEL, files.weights() + " is broken");
            }
            return new TimedModel(
                    options.count("token-ms", 0),
                    options.text("misdeed").orElse("none"),
                    new ModelFacts(100, load.contextTokens(), load.slots(), 4096, List.of()));
        }

        @Override
        public void close() {
            System.err.println("engine closed");
        }
    }
}
