package io.rackmark.runner.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.rackmark.engine.worker.Generated;
import io.rackmark.runner.energy.RunningEnergy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;

/** What {@code /metrics} tells. Times are the worker's own stamps, queue and network apart. */
final class ServeMetrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests =
            Counter.builder()
                    .name("rackmark_serve_requests_total")
                    .help("Requests answered, by path and HTTP status.")
                    .labelNames("path", "status")
                    .register(registry);
    private final Histogram firstToken =
            histogram(
                    "rackmark_serve_ttft_seconds",
                    "From the request's arrival to its first token, the wait for a slot included.",
                    0.005,
                    14);
    private final Histogram gaps =
            histogram("rackmark_serve_itl_seconds", "Between neighbouring tokens.", 0.0005, 14);
    private final Histogram queue =
            histogram("rackmark_serve_queue_seconds", "Waiting for a slot.", 0.001, 16);
    private final Counter promptTokens =
            counter("rackmark_serve_prompt_tokens_total", "Prompt tokens of answered requests.");
    private final Counter outputTokens =
            counter("rackmark_serve_output_tokens_total", "Tokens generated.");
    private final Counter cancelled =
            counter(
                    "rackmark_serve_cancelled_total",
                    "Requests whose client went away before the end.");

    ServeMetrics(Admission admission, ModelHost host, RunningEnergy energy) {
        gauge("rackmark_serve_slots", "Sequences decoded together.", admission::slots);
        gauge("rackmark_serve_slots_busy", "Slots in use.", admission::busy);
        gauge("rackmark_serve_queue_waiting", "Requests waiting for a slot.", admission::waiting);
        gauge("rackmark_serve_ready", "1 when the model is loaded.", () -> host.ready() ? 1 : 0);
        CounterWithCallback.builder()
                .name("rackmark_serve_worker_restarts_total")
                .help("Workers that died and were started anew.")
                .callback(callback -> callback.call(host.restarts()))
                .register(registry);
        energy(energy);
    }

    /** Without a reading the metric is not printed. */
    private void energy(RunningEnergy energy) {
        CounterWithCallback.builder()
                .name("rackmark_serve_energy_joules_total")
                .help(
                        "Gross energy since the server started, loading and idle time included, by"
                                + " meter; absent without one.")
                .labelNames("source", "scope", "device", "kind")
                .callback(
                        callback ->
                                energy.totals()
                                        .forEach(
                                                total ->
                                                        callback.call(
                                                                total.joules(),
                                                                total.source(),
                                                                total.scope(),
                                                                total.device(),
                                                                "gross")))
                .register(registry);
    }

    void answered(String path, int status) {
        requests.labelValues(path, Integer.toString(status)).inc();
    }

    void cancelled() {
        cancelled.inc();
    }

    /** Counts one request that ran. */
    void finished(Generated generated, long waitedNanos) {
        long[] stamps = generated.tokenNanos();
        queue.observe(waitedNanos / NANOS);
        if (stamps.length > 0) {
            firstToken.observe((waitedNanos + stamps[0] - generated.sentNanos()) / NANOS);
        }
        for (int i = 1; i < stamps.length; i++) {
            gaps.observe((stamps[i] - stamps[i - 1]) / NANOS);
        }
        promptTokens.inc(generated.completion().promptTokens().size());
        outputTokens.inc(generated.completion().outputTokens());
    }

    /** The text format of Prometheus. */
    byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).register(registry);
    }

    /** Buckets double from the least on. */
    private Histogram histogram(String name, String help, double least, int buckets) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicExponentialUpperBounds(least, 2, buckets)
                .register(registry);
    }

    private void gauge(String name, String help, IntSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsInt()))
                .register(registry);
    }
}
