package io.rackmark.engine.remote;

import java.util.Map;
import java.util.Optional;

/** A secret from the environment. It has no way into a record, a message or a log. */
public final class ApiKey {
    private static final String HIDDEN = "(key)";

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /**
     * The key in this variable, or empty when it is unset or blank.
     *
     * @throws IllegalArgumentException naming the variable, never its value, when it cannot be a
     *     key
     */
    public static Optional<ApiKey> of(Map<String, String> environment, String variable) {
        String value = Optional.ofNullable(environment.get(variable)).orElse("").strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    variable
                            + " holds characters that no API key has; set it to the key alone,"
                            + " without quotes or line breaks");
        }
        return Optional.of(new ApiKey(value));
    }

    /** Value of the authorisation header. */
    String header(String scheme) {
        return scheme + " " + value;
    }

    /** A text in which the key does not stand, whoever wrote it. */
    String scrub(String text) {
        return text.replace(value, HIDDEN);
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
