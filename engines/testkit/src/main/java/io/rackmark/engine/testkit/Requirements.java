package io.rackmark.engine.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a test may need beyond this build; without it the test is skipped and says what it is. */
public final class Requirements {
    /** System property: a directory made by {@code tools/llama-native/build.sh} from b10573. */
    public static final String RECENT_LLAMA_LIB = "rackmark.test.llama-lib";

    private Requirements() {}

    /** A library of a tag of llama.cpp younger than the shipped one. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @EnabledIfSystemProperty(
            named = RECENT_LLAMA_LIB,
            matches = ".+",
            disabledReason =
                    "needs -D"
                            + RECENT_LLAMA_LIB
                            + "=DIR: llama.cpp b10573 built by tools/llama-native/build.sh")
    public @interface RecentLlamaCpp {}

    /** The directory that {@link RecentLlamaCpp} asks for. */
    public static Path recentLlamaLib() {
        return Path.of(System.getProperty(RECENT_LLAMA_LIB, ""));
    }
}
