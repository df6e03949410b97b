package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hub's access token. It comes from the environment, and goes into one header only. */
public final class HubToken {
    /** Environment variable that holds it. */
    public static final String VARIABLE = "HF_TOKEN";

    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private final String secret;

    private HubToken(String secret) {
        this.secret = secret;
    }

    /** The token, if the environment has one. */
    public static Optional<HubToken> from(Map<String, String> environment) {
        @Nullable String value = environment.get(VARIABLE);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        if (!VISIBLE.matcher(value.strip()).matches()) {
            throw new ModelException(
                    Kind.DENIED, VARIABLE + " holds characters that no token has; copy it again");
        }
        return Optional.of(new HubToken(value.strip()));
    }

    /** Value of the {@code Authorization} header. */
    String header() {
        return "Bearer " + secret;
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return VARIABLE;
    }
}
