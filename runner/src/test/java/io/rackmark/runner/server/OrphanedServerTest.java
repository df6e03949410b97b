package io.rackmark.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class OrphanedServerTest {
    @TempDir Path work;

    @Test
    void aServerEndsWithAllThatItStartedWhenRackmarkIsKilled() throws Exception {
        Process rackmark =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Rackmark.class.getName(),
                                work.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = rackmark.inputReader()) {
            Set<Long> family = new TreeSet<>();
            Arrays.stream(String.valueOf(out.readLine()).split(" "))
                    .forEach(pid -> family.add(Long.valueOf(pid)));
            assertThat(family).hasSize(5);
            assertThat(family).allMatch(pid -> ProcessHandle.of(pid).isPresent());
            rackmark.toHandle()
                    .destroyForcibly(); // Process.destroyForcibly would close the pipe, too
            rackmark.waitFor();
            ManagedServerTest.assertGone(family);
        } finally {
            rackmark.destroyForcibly();
        }
    }

    /** Starts a server that does not heed SIGTERM, tells the processes and waits for its end. */
    static final class Rackmark {
        private Rackmark() {}

        public static void main(String[] args) throws InterruptedException {
            RunningServer server =
                    ManagedServer.start(
                            ServerSpec.of(FakePlans.fake("children", "stubborn"), Path.of(args[0])),
                            p -> {});
            while (server.pids().size() < 5) {
                Thread.sleep(10);
            }
            System.out.println(
                    String.join(" ", server.pids().stream().map(String::valueOf).toList()));
            new CountDownLatch(1).await();
        }
    }
}
