package io.rackmark.engine.testkit;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.Fact;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/**
 * An engine that follows a script: which tokens, when, and where it breaks. Tokens are released at
 * exact times, each recorded, so that a test of a measurement knows the truth.
 */
public final class ScriptedEngine implements EngineProvider {
    static final String VERSION = "1";

    @Override
    public EngineDescription describe() {
        return new EngineDescription(
                "scripted",
                "Scripted",
                "Computes nothing: releases scripted tokens at exact times, or breaks where told;"
                        + " needs no native library and any weights file that is not empty.",
                Set.of(ModelFormat.values()),
                List.of(Precision.values()),
                List.of(Precision.F16, Precision.Q8_0, Precision.Q4_0),
                Script.OPTIONS);
    }

    @Override
    public Availability probe(OptionValues options) {
        return new Availability.Available(VERSION, List.of(new Device("cpu", "none")), facts());
    }

    @Override
    public Engine open(OptionValues options) {
        return new Opened(Script.of(options));
    }

    private static List<Fact> facts() {
        return List.of(new Fact("version", VERSION));
    }

    private record Opened(Script script) implements Engine {

        @Override
        public List<Fact> facts() {
            return ScriptedEngine.facts();
        }

        @Override
        public LoadedModel load(ModelFiles files, LoadOptions options) {
            long due = System.nanoTime() + script.load().toNanos();
            requireWeights(files);
            Deadline.at(due).await(() -> false);
            return new ScriptedModel(script, options);
        }

        private static void requireWeights(ModelFiles files) {
            try {
                if (Files.size(files.weights()) == 0) {
                    throw new EngineException(
                            Kind.BAD_MODEL,
                            files.weights() + " is empty: give any file with a byte in it");
                }
            } catch (IOException e) {
                throw new EngineException(
                        Kind.BAD_MODEL,
                        files.weights() + " cannot be read: give any file with a byte in it",
                        e);
            }
        }

        @Override
        public void close() {}
    }
}
