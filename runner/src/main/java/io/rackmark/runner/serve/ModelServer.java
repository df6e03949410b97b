package io.rackmark.runner.serve;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.ModelFacts;
import io.rackmark.runner.energy.RunningEnergy;
import java.util.function.Supplier;

/** A model that is being served. */
public final class ModelServer implements AutoCloseable {
    private final ServeSettings settings;
    private final ModelHost host;
    private final Admission admission;
    private final Router router;
    private final HttpServer http;
    private final RunningEnergy energy;
    private boolean closed;

    private ModelServer(ServeSettings settings, RunningEnergy energy, ModelHost host) {
        this.settings = settings;
        this.energy = energy;
        this.host = host;
        this.admission = new Admission(host.facts().slots(), settings.queue());
        ServeMetrics metrics = new ServeMetrics(admission, host, energy);
        this.router =
                new Router(
                        settings,
                        new Generation(settings, admission, host, metrics),
                        host,
                        metrics);
        this.http = new HttpServer(settings, router::handle);
    }

    /**
     * Loads the model, then listens.
     *
     * @param energy told among the metrics; closed with the server, and when this fails
     * @param start makes a worker with the model loaded; called again when a worker dies
     * @throws EngineException of kind {@code UNAVAILABLE} when the address cannot be had
     */
    public static ModelServer start(
            ServeSettings settings, RunningEnergy energy, Supplier<LoadedWorker> start) {
        try {
            ModelHost host = new ModelHost(start);
            try {
                return new ModelServer(settings, energy, host);
            } catch (RuntimeException | Error e) {
                host.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            energy.close();
            throw e;
        }
    }

    /** As {@link #start(ServeSettings, RunningEnergy, Supplier)}, without meters. */
    public static ModelServer start(ServeSettings settings, Supplier<LoadedWorker> start) {
        return start(settings, RunningEnergy.none(), start);
    }

    /** Of the loaded model. */
    public ModelFacts facts() {
        return host.facts();
    }

    public int port() {
        return http.port();
    }

    /** Requests that have a slot. */
    public int busy() {
        return admission.busy();
    }

    /** Requests that wait for one. */
    public int waiting() {
        return admission.waiting();
    }

    /**
     * Takes no new requests, lets those there are come to their end within the time of the
     * settings, then cancels the rest and ends the worker. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        router.drain();
        admission.close();
        http.stopListening();
        if (!admission.awaitIdle(settings.drain().toNanos())) {
            host.cancelAll();
            admission.awaitIdle(2_000_000_000L);
        }
        http.close();
        host.close();
        energy.close();
    }
}
