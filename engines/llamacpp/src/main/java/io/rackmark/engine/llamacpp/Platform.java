package io.rackmark.engine.llamacpp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The machines that java-llama.cpp ships a library for. */
enum Platform {
    LINUX_X86_64("Linux/x86_64/libjllama.so"),
    LINUX_AARCH64("Linux/aarch64/libjllama.so"),
    MAC_X86_64("Mac/x86_64/libjllama.dylib"),
    MAC_AARCH64("Mac/aarch64/libjllama.dylib"),
    WINDOWS_X86_64("Windows/x86_64/jllama.dll");

    private final String resource;

    Platform(String resource) {
        this.resource = resource;
    }

    /** The library's name in java-llama.cpp's jar. */
    String resource() {
        return "de/kherud/llama/" + resource;
    }

    String fileName() {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    /**
     * The platform of these system properties, if a library is shipped for it.
     *
     * @param osName value of {@code os.name}
     * @param osArch value of {@code os.arch}
     */
    static Optional<Platform> of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system =
                os.startsWith("linux")
                        ? "LINUX"
                        : os.startsWith("mac")
                                ? "MAC"
                                : os.startsWith("windows") ? "WINDOWS" : "OTHER";
        String arch =
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "X86_64";
                    case "aarch64", "arm64" -> "AARCH64";
                    default -> "OTHER";
                };
        return Arrays.stream(values())
                .filter(platform -> platform.name().equals(system + "_" + arch))
                .findFirst();
    }

    static Platform current() {
        String osName = System.getProperty("os.name");
        String osArch = System.getProperty("os.arch");
        return of(osName, osArch)
                .orElseThrow(
                        () ->
                                new UnusableLibraryException(
                                        "no library is shipped for %s on %s (shipped: %s)"
                                                .formatted(osName, osArch, names()),
                                        UnusableLibraryException.BUILD_REMEDY));
    }

    private static String names() {
        return Arrays.stream(values())
                .map(platform -> platform.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
