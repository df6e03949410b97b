package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.Availability;
import io.rackmark.engine.OptionValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a libtorch, before anything of it is loaded. */
class OwnLibraryTest {
    @TempDir Path home;
    private Path lib;

    @BeforeEach
    void unpack() throws IOException {
        lib = Files.createDirectory(home.resolve("lib"));
        Files.createFile(lib.resolve("libtorch.so"));
        Files.createFile(lib.resolve("libtorch_cpu.so"));
        Files.writeString(home.resolve("build-version"), "2.7.1+cu128\n");
    }

    private static void refused(Path folder, String words) {
        assertThatThrownBy(() -> OwnLibrary.of(folder))
                .isInstanceOf(UnusableLibraryException.class)
                .hasMessageContaining(words);
    }

    @Test
    void downloadTellsItsVersionAndItsBuild() throws IOException {
        assertThat(OwnLibrary.of(lib)).isEqualTo(new OwnLibrary(lib, "2.7.1+cu128", false));
        Files.createFile(lib.resolve("libtorch_cuda.so"));
        assertThat(OwnLibrary.of(lib).cuda()).isTrue();
    }

    @Test
    void pythonPackageTellsItsVersion() throws IOException {
        Files.delete(home.resolve("build-version"));
        Files.writeString(
                home.resolve("version.py"),
                "from typing import Optional\n__version__ = '2.7.1+cu126'\ndebug = False\n");
        assertThat(OwnLibrary.of(lib).version()).isEqualTo("2.7.1+cu126");
    }

    @Test
    void otherVersionsAreRefused() throws IOException {
        for (String version : new String[] {"2.7.10", "2.6.0+cu124", "2.9.1"}) {
            Files.writeString(home.resolve("build-version"), version);
            refused(lib, "is libtorch " + version + ", but it is bound in version 2.7.1");
        }
        Files.delete(home.resolve("build-version"));
        refused(lib, "does not tell its version");
    }

    @Test
    void folderWithoutLibtorchIsRefused() {
        refused(home, "holds no libtorch.so");
        refused(home.resolve("absent"), "holds no libtorch.so");
    }

    @Test
    void probeSaysWhyThereIsNoGpu() throws IOException {
        Availability plain = probe();
        assertThat(((Availability.Available) plain).noGpu().orElseThrow())
                .contains("built for the CPU alone", "option lib");
        Files.delete(lib.resolve("libtorch.so"));
        assertThat(probe()).isInstanceOf(Availability.Unavailable.class);
    }

    private Availability probe() {
        PyTorchProvider provider = new PyTorchProvider();
        return provider.probe(
                OptionValues.parse(provider.describe(), Map.of("lib", lib.toString())));
    }

    @Test
    void processThatHasOneLibraryTakesNoOther() {
        LibTorch.load();
        assertThatThrownBy(() -> LibTorch.load(Optional.of(lib)))
                .isInstanceOf(UnusableLibraryException.class)
                .hasMessageContaining("has loaded libtorch from");
    }
}
