package io.rackmark.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchingTest {
    @TempDir Path folder;

    @Test
    void secretsAreTakenOutOfTheEnvironmentAndGivenVariablesWin() {
        Map<String, String> environment =
                WorkerEnvironment.of(
                        Map.of(
                                "PATH", "/bin",
                                "OPENAI_API_KEY", "1",
                                "hf_token", "2",
                                "MY_SECRET_THING", "3",
                                "DB_PASSWORD", "4",
                                "TOKENIZERS", "kept"),
                        Map.of("GOMP_SPINCOUNT", "5", "GIVEN_TOKEN", "6"));
        assertThat(environment)
                .containsOnlyKeys(
                        "PATH",
                        "TOKENIZERS",
                        "DJL_OFFLINE",
                        "OPT_OUT_TRACKING",
                        "ORT_DISABLE_TELEMETRY",
                        "GOMP_SPINCOUNT",
                        "GIVEN_TOKEN")
                .containsEntry("GOMP_SPINCOUNT", "5");
    }

    @Test
    void aCollectorOfTheCallersChoiceReplacesTheSerialOne() {
        WorkerSpec serial = Workers.spec(folder, Map.of());
        assertThat(WorkerArguments.of(serial, WorkerMain.class, Path.of("/s")))
                .contains("-XX:+UseSerialGC")
                .endsWith("io.rackmark.engine.worker.WorkerMain", "/s", "timed");
        WorkerSpec parallel =
                new WorkerSpec(
                        "timed",
                        List.of(Path.of("a.jar")),
                        Map.of(),
                        List.of("-XX:+UseParallelGC"),
                        Map.of(),
                        folder,
                        Timeouts.DEFAULT);
        assertThat(WorkerArguments.of(parallel, WorkerMain.class, Path.of("/s")))
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void theSocketLiesInAFolderThatOnlyTheUserCanEnter() throws IOException {
        Path inside;
        try (SocketFolder socket = SocketFolder.createIn(List.of(folder))) {
            inside = socket.socket().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)))
                    .isEqualTo("rwx------");
        }
        assertThat(inside).doesNotExist();
    }

    @Test
    void aTemporaryFolderWithALongPathGivesWayToAShortOne() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("x".repeat(100)));
        try (SocketFolder socket = SocketFolder.createIn(List.of(deep, folder))) {
            assertThat(socket.socket().startsWith(deep)).isFalse();
        }
        assertThatThrownBy(() -> SocketFolder.createIn(List.of(deep)))
                .hasMessageContaining("java.io.tmpdir");
    }

    @Test
    void anUnknownEngineIsAnsweredWithTheInstalledOnes() throws IOException {
        WorkerHome home = new WorkerHome(folder);
        assertThatThrownBy(() -> home.classPath("llamacpp")).hasMessageContaining("none");
        Files.createDirectories(folder.resolve("engines/empty"));
        Path engine = Files.createDirectories(folder.resolve("engines/llamacpp"));
        Path jar = Files.createFile(engine.resolve("a.jar"));
        Files.createFile(engine.resolve("notes.txt"));
        assertThat(home.engineIds()).containsExactly("llamacpp");
        assertThat(home.classPath("llamacpp")).containsExactly(jar);
        assertThatThrownBy(() -> home.classPath("../x"))
                .hasMessageContaining("no engine '../x'")
                .hasMessageContaining("installed: llamacpp");
    }

    @Test
    void exitCodesAreReadAsSignals() {
        assertThat(ExitStatus.of(137, List.of()).signal()).isEqualTo("SIGKILL");
        assertThat(ExitStatus.of(139, List.of()).signal()).isEqualTo("SIGSEGV");
        assertThat(ExitStatus.of(134, List.of()).signal()).isEqualTo("SIGABRT");
        assertThat(ExitStatus.of(134, List.of("#  SIGBUS (0x7) at pc=0x0")).signal())
                .isEqualTo("SIGBUS");
        assertThat(ExitStatus.of(1, List.of("#  SIGSEGV (0xb) at pc=0x0")).signal())
                .isEqualTo("SIGSEGV");
        assertThat(ExitStatus.of(1, List.of()).signal()).isNull();
    }

    @Test
    void memoryIsReadFromTheStatusOfAProcess() {
        assertThat(
                        MemorySnapshot.parse(
                                List.of("Name:\tjava", "VmHWM:\t  300 kB", "VmRSS:\t  200 kB")))
                .isEqualTo(new MemorySnapshot(204_800L, 307_200L, null, null));
    }
}
