package io.rackmark.engine;

import java.util.List;

/** An opened engine. Used from one thread; closing it closes no model. */
public interface Engine extends AutoCloseable {

    /** What identifies the build: version, library path, SHA-256, system info, threads. */
    List<Fact> facts();

    /**
     * Loads a model; returns when weights are resident and ready.
     *
     * @throws EngineException of kind {@code BAD_MODEL} or {@code OUT_OF_MEMORY}
     */
    LoadedModel load(ModelFiles files, LoadOptions options);

    @Override
    void close();
}
