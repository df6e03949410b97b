package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;

/** What ended a request or a batch of them, told anew to each caller. */
record Failure(Kind kind, String message, Throwable cause) {

    static Failure of(String doing, Throwable cause) {
        return switch (cause) {
            case EngineException e -> new Failure(e.kind(), messageOf(e), e);
            case OutOfMemoryError e ->
                    new Failure(
                            Kind.OUT_OF_MEMORY,
                            "out of memory while %s (%s): use fewer slots, a smaller context or a"
                                            .formatted(doing, messageOf(e))
                                    + " smaller model",
                            e);
            default -> new Failure(Kind.INTERNAL, doing + " failed: " + cause, cause);
        };
    }

    EngineException exception() {
        return new EngineException(kind, message, cause);
    }

    private static String messageOf(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
