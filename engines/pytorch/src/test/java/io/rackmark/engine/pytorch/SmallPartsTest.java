package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDManager;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.model.safetensors.SafetensorsDtype;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPartsTest {
    @TempDir Path directory;

    @Test
    void bfloat16IsUsualOnlyWhereTheCpuComputesIt() {
        assertThat(CpuFlags.parse("flags\t\t: fpu avx2 avx512bw").hasBfloat16()).isFalse();
        assertThat(CpuFlags.parse("flags\t\t: fpu avx512_bf16").hasBfloat16()).isTrue();
        assertThat(CpuFlags.parse("flags\t\t: amx_bf16 amx_tile").hasBfloat16()).isTrue();
        assertThat(CpuFlags.parse("model name : avx512_bf16").hasBfloat16()).isFalse();
        assertThat(CpuFlags.parse("").hasBfloat16()).isFalse();
    }

    @Test
    void oneDnnTakesBfloat16WithThreeExtensions() {
        assertThat(CpuFlags.parse("flags : avx512bw avx512vl avx512dq").lets16BitIntoOneDnn())
                .isTrue();
        assertThat(CpuFlags.parse("flags : avx512bw avx512vl").lets16BitIntoOneDnn()).isFalse();
    }

    @Test
    void packageForAnotherMachineIsUnusable() {
        Properties properties = new Properties();
        properties.setProperty("version", "2.7.1-20250812");
        properties.setProperty("flavor", "cpu");
        properties.setProperty("classifier", "linux-x86_64");
        assertThat(NativePackage.of(properties, "linux-x86_64").version()).isEqualTo("2.7.1");
        assertThatThrownBy(() -> NativePackage.of(properties, "linux-aarch64"))
                .isInstanceOf(UnusableLibraryException.class)
                .hasMessageContaining("linux-aarch64");
    }

    @Test
    void cacheIsFoundAsElsewhere() {
        assertThat(NativePackage.cache("/c", "/x", "/home")).isEqualTo(Path.of("/c"));
        assertThat(NativePackage.cache(null, "/x", "/home")).isEqualTo(Path.of("/x/rackmark"));
        assertThat(NativePackage.cache(" ", "relative", "/home"))
                .isEqualTo(Path.of("/home/.cache/rackmark"));
    }

    @Test
    void hashIsKeptUntilTheFileChanges() throws IOException {
        Path library = Files.writeString(directory.resolve("lib.so"), "one");
        String first = LibraryHashes.sha256(library, directory.resolve("notes"));
        assertThat(LibraryHashes.sha256(library, directory.resolve("notes")))
                .isEqualTo(first)
                .hasSize(64);
        Files.writeString(library, "two");
        Files.setLastModifiedTime(library, FileTime.fromMillis(1_000_000));
        assertThat(LibraryHashes.sha256(library, directory.resolve("notes")))
                .isNotEqualTo(first)
                .hasSize(64);
    }

    @Test
    void blasIsReadFromTheBuildConfiguration() {
        assertThat(BuildConfig.blas("  - Build settings: BLAS_INFO=mkl, BUILD_TYPE=Release"))
                .isEqualTo("mkl");
        assertThat(BuildConfig.blas("nothing")).isEqualTo("unknown");
    }

    @Test
    void nativeFailuresBecomeOneSentenceOfTheRightKind() {
        String native1 =
                "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate"
                        + " memory: you tried to allocate 9 bytes.\nException raised from x";
        failsWith(Kind.OUT_OF_MEMORY, "9 bytes.", native1);
        String native2 =
                "The following operation failed.\nTraceback\n  <--- HERE\nRuntimeError: shapes do"
                        + " not\n fit";
        failsWith(Kind.INTERNAL, "in a step: shapes do not fit", native2);
    }

    private static void failsWith(Kind kind, String ending, String message) {
        assertThatThrownBy(
                        () ->
                                Failures.guard(
                                        "a step",
                                        () -> {
                                            throw new ai.djl.engine.EngineException(message);
                                        }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageEndingWith(ending);
    }

    @Test
    void largeTensorsComeInPiecesAndUnalignedOnesAreCopied() {
        try (Arena arena = Arena.ofShared();
                PtNDManager manager = LibTorch.load().newManager(ai.djl.Device.cpu())) {
            MemorySegment bytes = arena.allocate(7 * 3 * 4 + 1, 8);
            for (int i = 0; i < 21; i++) {
                bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 1 + i * 4L, i);
            }
            SafetensorsTensor tensor =
                    new SafetensorsTensor(
                            "w", SafetensorsDtype.F32, List.of(7L, 3L), 0, bytes.asSlice(1, 84));
            WeightTensors weights = new WeightTensors(manager, arena, 3 * 3 * 4 + 1);
            weights.add(tensor);
            assertThat(weights.pieces()).containsExactly(3);
            assertThat(weights.bits()).containsExactly(0);
            assertThat(weights.raw()[0].toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(weights.raw()[2].toFloatArray()).containsExactly(18, 19, 20);
        }
    }
}
