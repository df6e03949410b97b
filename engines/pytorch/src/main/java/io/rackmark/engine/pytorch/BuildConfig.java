package io.rackmark.engine.pytorch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code at::show_config}, which {@code torch.__config__.show()} prints in Python. */
final class BuildConfig {
    private static final Pattern BLAS = Pattern.compile("BLAS_INFO=([^,\\s]+)");

    private BuildConfig() {}

    /** The library of {@code aten::linear} on 32-bit floats. */
    static String blas(String config) {
        Matcher matcher = BLAS.matcher(config);
        return matcher.find() ? matcher.group(1) : "unknown";
    }
}
