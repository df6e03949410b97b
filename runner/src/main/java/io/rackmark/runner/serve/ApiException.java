package io.rackmark.runner.serve;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.worker.WorkerException;
import org.jspecify.annotations.Nullable;

/** An error as a client of the OpenAI interface expects it. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid_request_error";

    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final int retryAfterSeconds;

    private ApiException(
            int status,
            String type,
            @Nullable String code,
            @Nullable String param,
            String message,
            int retryAfterSeconds) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** 400: a parameter has a wrong value. */
    static ApiException invalid(@Nullable String param, String message) {
        return new ApiException(400, INVALID, null, param, message, 0);
    }

    /** 400: a parameter that this server has no use for. */
    static ApiException unsupported(String param, String message) {
        return new ApiException(400, INVALID, "unsupported_parameter", param, message, 0);
    }

    /** Any other fault of the client. */
    static ApiException refused(int status, @Nullable String code, String message) {
        return new ApiException(status, INVALID, code, null, message, 0);
    }

    static ApiException noSuchModel(String asked, String known) {
        return new ApiException(
                404,
                INVALID,
                "model_not_found",
                "model",
                "The model '%s' does not exist; this server has '%s'".formatted(asked, known),
                0);
    }

    static ApiException tooMany(int retryAfterSeconds) {
        return new ApiException(
                429,
                "rate_limit_error",
                "queue_full",
                null,
                "The queue is full; try again in %d s".formatted(retryAfterSeconds),
                retryAfterSeconds);
    }

    /** 503: come back later. */
    static ApiException unavailable(String message) {
        return new ApiException(503, "server_error", "unavailable", null, message, 2);
    }

    static ApiException internal(String message) {
        return new ApiException(500, "server_error", "internal", null, message, 0);
    }

    /** What a failed worker comes to for the client whose request it had. */
    static ApiException of(WorkerException e) {
        String message = String.valueOf(e.getMessage());
        EngineException.@Nullable Kind kind = e.engineKind();
        if (kind == null) {
            return unavailable("The model was lost and is being loaded again: " + message);
        }
        return switch (kind) {
            case BAD_REQUEST, BAD_OPTION, BAD_MODEL -> invalid(null, message);
            case CONTEXT_OVERFLOW ->
                    new ApiException(
                            400, INVALID, "context_length_exceeded", "messages", message, 0);
            case OUT_OF_MEMORY, UNAVAILABLE -> unavailable(message);
            case INTERNAL -> internal(message);
        };
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    @Nullable String code() {
        return code;
    }

    @Nullable String param() {
        return param;
    }

    /** For the header Retry-After; 0 for none. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
