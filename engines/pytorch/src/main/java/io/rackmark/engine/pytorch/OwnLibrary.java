package io.rackmark.engine.pytorch;

import io.rackmark.engine.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A libtorch that the user has, in the folder that holds {@code libtorch_cpu.so}: {@code lib} of
 * PyTorch's own download, or {@code torch/lib} of its Python package.
 *
 * @param version such as {@code 2.7.1+cu128}
 * @param cuda whether it was built for NVIDIA GPUs
 */
record OwnLibrary(Path directory, String version, boolean cuda) {
    /** What DJL's binding was compiled against; others differ in classes that it calls into. */
    static final String BINDING = "2.7.1";

    /** DJL's name of its binding to a CUDA build of that version. */
    private static final String CUDA_FLAVOR = "cu128";

    private static final Pattern PYTHON = Pattern.compile("__version__\\s*=\\s*'([^']+)'");

    /**
     * Looks at the files, and loads none.
     *
     * @throws UnusableLibraryException when the folder holds no libtorch of this version
     */
    static OwnLibrary of(Path directory) {
        if (!Files.isRegularFile(directory.resolve("libtorch_cpu.so"))
                || !Files.isRegularFile(directory.resolve("libtorch.so"))) {
            throw new UnusableLibraryException(
                    "%s holds no libtorch.so and libtorch_cpu.so".formatted(directory),
                    "name the lib folder of libtorch in option lib",
                    null);
        }
        String version =
                version(directory)
                        .orElseThrow(
                                () ->
                                        new UnusableLibraryException(
                                                "%s does not tell its version: neither ../build-version"
                                                                .formatted(directory)
                                                        + " nor ../version.py is there",
                                                "keep libtorch's folder as it was unpacked",
                                                null));
        if (!version.equals(BINDING) && !version.startsWith(BINDING + "+")) {
            throw new UnusableLibraryException(
                    "%s is libtorch %s, but it is bound in version %s"
                            .formatted(directory, version, BINDING),
                    "name a libtorch of that version in option lib",
                    null);
        }
        return new OwnLibrary(
                directory.toAbsolutePath().normalize(),
                version,
                Files.isRegularFile(directory.resolve("libtorch_cuda.so")));
    }

    private static Optional<String> version(Path directory) {
        Path above = directory.toAbsolutePath().normalize().getParent();
        if (above == null) {
            return Optional.empty();
        }
        try {
            Path note = above.resolve("build-version");
            if (Files.isRegularFile(note)) {
                return Optional.of(Files.readString(note).strip());
            }
            Path python = above.resolve("version.py");
            if (Files.isRegularFile(python)) {
                Matcher matcher = PYTHON.matcher(Files.readString(python));
                return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Has DJL take it; must come before any class of DJL's engine. */
    void choose() {
        System.setProperty("PYTORCH_LIBRARY_PATH", directory.toString());
        System.setProperty("PYTORCH_VERSION", BINDING);
        System.setProperty("PYTORCH_FLAVOR", cuda ? CUDA_FLAVOR : "cpu");
    }

    List<Fact> facts() {
        return List.of(
                new Fact("libtorch", version),
                new Fact("libtorch-build", (cuda ? "cuda" : "cpu") + ", of the user"));
    }
}
