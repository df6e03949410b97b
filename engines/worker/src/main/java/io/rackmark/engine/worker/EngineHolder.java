package io.rackmark.engine.worker;

import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.LoadedModel;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.OptionValues;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one engine of this process and its one model. */
final class EngineHolder {
    private final String engineId;
    private @Nullable EngineProvider provider;
    private @Nullable Engine engine;
    private volatile @Nullable LoadedModel model;

    EngineHolder(String engineId) {
        this.engineId = engineId;
    }

    Described describe(Map<String, String> options) {
        EngineProvider found = provider();
        return new Described(
                found.describe(), found.probe(OptionValues.parse(found.describe(), options)));
    }

    EngineOpened open(Map<String, String> options) {
        if (engine != null) {
            throw refused("the engine is open already; a worker opens it once");
        }
        long startedNanos = System.nanoTime();
        EngineProvider found = provider();
        Engine opened = found.open(OptionValues.parse(found.describe(), options));
        long readyNanos = System.nanoTime();
        engine = opened;
        return new EngineOpened(opened.facts(), startedNanos, readyNanos);
    }

    ModelLoaded load(ModelFiles files, LoadOptions options) {
        Engine opened = engine;
        if (opened == null) {
            throw refused("no engine is open; open it before loading a model");
        }
        if (model != null) {
            throw refused("a model is loaded already; a worker loads one");
        }
        long pid = ProcessHandle.current().pid();
        MemorySnapshot before = MemorySnapshot.ofProcess(pid);
        long startedNanos = System.nanoTime();
        LoadedModel loaded = opened.load(files, options);
        long readyNanos = System.nanoTime();
        model = loaded;
        return new ModelLoaded(
                loaded.facts(), startedNanos, readyNanos, before, MemorySnapshot.ofProcess(pid));
    }

    LoadedModel model() {
        LoadedModel loaded = model;
        if (loaded == null) {
            throw refused("no model is loaded; load one first");
        }
        return loaded;
    }

    void close() {
        LoadedModel loaded = model;
        if (loaded != null) {
            loaded.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private EngineProvider provider() {
        if (provider == null) {
            provider = find();
        }
        return provider;
    }

    private EngineProvider find() {
        List<EngineProvider> all =
                ServiceLoader.load(EngineProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        if (all.size() == 1 && all.getFirst().describe().id().equals(engineId)) {
            return all.getFirst();
        }
        throw new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "the worker's class path must hold engine %s and no other; it holds %s"
                        .formatted(
                                engineId,
                                all.isEmpty()
                                        ? "none"
                                        : all.stream()
                                                .map(p -> p.describe().id())
                                                .collect(Collectors.joining(", "))));
    }

    private static EngineException refused(String message) {
        return new EngineException(EngineException.Kind.BAD_REQUEST, message);
    }
}
