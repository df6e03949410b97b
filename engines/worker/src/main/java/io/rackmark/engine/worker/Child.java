package io.rackmark.engine.worker;

import io.rackmark.engine.worker.WorkerException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The child process with its log: ends it, and says how it ended. */
record Child(Process process, WorkerLog log) {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration REAP = Duration.ofSeconds(5);
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile(
                    "java\\.lang\\.OutOfMemoryError|insufficient memory for the Java Runtime");
    private static final Pattern HEAP = Pattern.compile("Java heap space|GC overhead limit");

    /** SIGTERM, then SIGKILL; children of the worker go with it. */
    void kill() {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        if (!endsWithin(GRACE)) {
            process.destroyForcibly();
            endsWithin(REAP);
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /** Waits without giving in to interrupts; the flag is kept for the caller. */
    boolean endsWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Kills the process and says why. */
    WorkerException killed(Kind kind, String message) {
        kill();
        log.await(GRACE);
        return WorkerException.lost(kind, message, exit(), log.lastLines());
    }

    /** Says how the process ended, after its end of the socket was found closed. */
    WorkerException died() {
        if (!endsWithin(REAP)) {
            return killed(
                    Kind.PROTOCOL, "the worker closed its socket but did not exit; it was killed");
        }
        log.await(GRACE);
        ExitStatus exit = ExitStatus.of(process.exitValue(), log.lines());
        String memory = outOfMemory();
        if (memory != null && exit.signal() == null) {
            return WorkerException.lost(Kind.OUT_OF_MEMORY, memory, exit, log.lastLines());
        }
        return WorkerException.lost(
                Kind.CRASH, "the worker " + exit.words() + hint(exit), exit, log.lastLines());
    }

    private @Nullable ExitStatus exit() {
        return process.isAlive() ? null : ExitStatus.of(process.exitValue(), log.lines());
    }

    private @Nullable String outOfMemory() {
        List<String> lines = log.lines();
        return lines.stream()
                .filter(line -> OUT_OF_MEMORY.matcher(line).find())
                .findFirst()
                .map(
                        line ->
                                HEAP.matcher(line).find()
                                        ? "the worker ran out of Java heap (%s); raise it with the JVM argument -Xmx"
                                                .formatted(line)
                                        : "the worker ran out of native memory (%s); free memory, or take a smaller model, context or number of slots"
                                                .formatted(line))
                .orElse(null);
    }

    private static String hint(ExitStatus exit) {
        return "SIGKILL".equals(exit.signal())
                ? "; when nobody killed it, the kernel did for lack of memory: see %s"
                        .formatted(
                                System.getProperty("os.name")
                                                .toLowerCase(Locale.ROOT)
                                                .contains("linux")
                                        ? "dmesg"
                                        : "the system's log")
                : "";
    }
}
