package io.rackmark.runner.serve;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** Paths and what answers them. */
final class Router {
    static final String JSON_TYPE = "application/json";
    private static final String MODELS = "/v1/models";

    private final ServeSettings settings;
    private final Gate gate;
    private final Generation generation;
    private final ModelHost host;
    private final ServeMetrics metrics;
    private final RequestReader reader;
    private final long created = Instant.now().getEpochSecond();
    private volatile boolean draining;

    Router(ServeSettings settings, Generation generation, ModelHost host, ServeMetrics metrics) {
        this.settings = settings;
        this.gate = new Gate(settings.key());
        this.generation = generation;
        this.host = host;
        this.metrics = metrics;
        this.reader = new RequestReader(settings.model(), host.facts().contextTokens());
    }

    /** From now on {@code /health} tells balancers to look elsewhere. */
    void drain() {
        draining = true;
    }

    /** Answers one request, whatever happens. */
    void handle(Exchange exchange) {
        try {
            route(exchange);
        } catch (ClientGoneException e) {
            metrics.cancelled();
        } catch (ApiException e) {
            fail(exchange, e);
        } catch (RuntimeException | Error e) {
            System.getLogger(Router.class.getName()).log(Level.ERROR, "a request failed", e);
            fail(exchange, ApiException.internal("The server failed; its log says why"));
        }
    }

    private void route(Exchange exchange) {
        Exchange.Request request = exchange.request();
        String path = request.path();
        if (path.equals("/health")) {
            require("GET", request);
            health(exchange);
            return;
        }
        gate.check(request);
        switch (path) {
            case "/metrics" -> {
                require("GET", request);
                exchange.respond(200, ServeMetrics.CONTENT_TYPE, metrics.text(), 0);
            }
            case MODELS -> {
                require("GET", request);
                ObjectNode list = Replies.JSON.createObjectNode().put("object", "list");
                list.putArray("data").add(model());
                respond(exchange, 200, list);
            }
            case "/v1/chat/completions" -> {
                require("POST", request);
                generation.run(exchange, reader.chat(request.body()));
                metrics.answered(path, 200);
            }
            case "/v1/completions" -> {
                require("POST", request);
                generation.run(exchange, reader.completion(request.body()));
                metrics.answered(path, 200);
            }
            default -> other(exchange, path);
        }
    }

    private void other(Exchange exchange, String path) {
        if (!path.startsWith(MODELS + "/")) {
            throw ApiException.refused(
                    404,
                    "unknown_url",
                    "Unknown path %s; known: /v1/models, /v1/chat/completions, /v1/completions, /health, /metrics"
                            .formatted(path));
        }
        require("GET", exchange.request());
        String asked = path.substring(MODELS.length() + 1);
        if (!asked.equals(settings.model())) {
            throw ApiException.noSuchModel(asked, settings.model());
        }
        respond(exchange, 200, model());
    }

    private void health(Exchange exchange) {
        String status = draining ? "draining" : host.ready() ? "ok" : "loading";
        respond(
                exchange,
                status.equals("ok") ? 200 : 503,
                Replies.JSON.createObjectNode().put("status", status));
    }

    private ObjectNode model() {
        return Replies.JSON
                .createObjectNode()
                .put("id", settings.model())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "rackmark");
    }

    private static void require(String method, Exchange.Request request) {
        if (!request.method().equals(method)) {
            throw ApiException.refused(
                    405, null, "%s takes %s only".formatted(request.path(), method));
        }
    }

    private static void respond(Exchange exchange, int status, ObjectNode body) {
        exchange.respond(status, JSON_TYPE, bytes(body), 0);
    }

    private void fail(Exchange exchange, ApiException e) {
        metrics.answered(
                exchange.request().path().startsWith("/v1/") && e.status() != 404
                        ? exchange.request().path()
                        : "other",
                e.status());
        if (!exchange.streaming()) {
            exchange.respond(e.status(), JSON_TYPE, bytes(Replies.error(e)), e.retryAfterSeconds());
            return;
        }
        try {
            exchange.event(Replies.error(e).toString());
        } catch (ClientGoneException gone) {
            metrics.cancelled();
        }
        exchange.abort();
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
