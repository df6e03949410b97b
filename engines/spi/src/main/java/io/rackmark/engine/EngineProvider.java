package io.rackmark.engine;

/**
 * Finds out whether an engine can run here and opens it. Found by {@link java.util.ServiceLoader}
 * in the worker process; must have a public no-argument constructor that loads no native code.
 */
public interface EngineProvider {

    /**
     * What the engine is and which options it takes; needs neither the native library nor a model.
     */
    EngineDescription describe();

    /** Whether the engine can run on this machine with these options, without loading a model. */
    Availability probe(OptionValues options);

    /**
     * Loads the native library and readies the engine.
     *
     * @throws EngineException of kind {@code UNAVAILABLE} when {@link #probe} would say so
     */
    Engine open(OptionValues options);
}
