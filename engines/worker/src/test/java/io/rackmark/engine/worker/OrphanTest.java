package io.rackmark.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {
    @TempDir Path work;

    @Test
    void aWorkerHasNoSecretsOfItsRunnerAndEndsWhenTheRunnerIsKilled() throws Exception {
        Process runner = startRunner();
        try (BufferedReader out = runner.inputReader()) {
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(String.valueOf(out.readLine()))).orElseThrow();
            assertThat(worker.isAlive()).isTrue();
            Path environment = Path.of("/proc", Long.toString(worker.pid()), "environ");
            if (Files.exists(environment)) {
                assertThat(Files.readString(environment))
                        .contains(
                                "DJL_OFFLINE=true",
                                "OPT_OUT_TRACKING=true",
                                "ORT_DISABLE_TELEMETRY=1",
                                "HARMLESS=7")
                        .doesNotContain("SOME_API_KEY");
            }
            runner.destroyForcibly();
            worker.onExit().get(20, TimeUnit.SECONDS);
            assertThat(worker.isAlive()).isFalse();
        } finally {
            runner.destroyForcibly();
        }
    }

    @Test
    void ctrlCOfTheTerminalLeavesTheWorkerToTheRunner() throws Exception {
        try (WorkerProcess worker = Workers.ready(Workers.spec(work, Map.of()))) {
            new ProcessBuilder("kill", "-INT", Long.toString(worker.started().pid()))
                    .start()
                    .waitFor();
            assertThat(worker.generate(Workers.request(20), null).tokenIds()).hasSize(20);
        }
    }

    private Process startRunner() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Runner.class.getName(),
                                work.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("SOME_API_KEY", "1");
        builder.environment().put("HARMLESS", "7");
        return builder.start();
    }

    /** A runner that starts a worker, tells its pid and waits in a request that never ends. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] args) {
            WorkerSpec spec = Workers.spec(Path.of(args[0]), Map.of("misdeed", "hang"));
            WorkerProcess worker = Workers.ready(spec);
            System.out.println(worker.started().pid());
            worker.generate(Workers.request(10), null);
        }
    }
}
