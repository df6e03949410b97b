package io.rackmark.runner.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The watchdog of one server: a shell with a fixed script that starts it and, when its standard
 * input closes, ends it and exits. Closing is thus the same whether we ask for it or were killed.
 */
final class Supervisor {
    private static final String SCRIPT = script();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Beyond the grace period: two signals, a look over all processes, a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Process watchdog;
    private final BufferedReader lines;
    private final ProcessFamily family;
    private final Duration grace;
    private String ending = "";

    private Supervisor(
            Process watchdog, BufferedReader lines, ProcessFamily family, Duration grace) {
        this.watchdog = watchdog;
        this.lines = lines;
        this.family = family;
        this.grace = grace;
    }

    static Supervisor start(Launch launch, Duration grace, Path log) {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw unavailable(
                    "managed servers need Linux; start the server yourself and name its address");
        }
        byte[] random = new byte[12];
        RANDOM.nextBytes(random);
        String marker = HexFormat.of().formatHex(random);
        // A session of its own keeps the watchdog from the terminal's Ctrl-C.
        List<String> command =
                new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "rackmark-watchdog"));
        command.add(Long.toString(grace.toMillis() / 100));
        command.add(marker);
        command.add(log.toString());
        command.addAll(launch.command());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        try {
            Process process = builder.start();
            BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII);
            String pid = Objects.requireNonNullElse(lines.readLine(), "");
            if (!pid.matches("\\d{1,10}")) {
                process.destroyForcibly();
                throw unavailable("the server's watchdog did not start; it needs sh and setsid");
            }
            return new Supervisor(
                    process, lines, new ProcessFamily(Long.parseLong(pid), marker), grace);
        } catch (IOException e) {
            throw unavailable(
                    "the server's watchdog cannot be started (%s); it needs sh and setsid, of util-linux"
                            .formatted(e.getMessage()));
        }
    }

    ProcessFamily family() {
        return family;
    }

    boolean ended() {
        return !watchdog.isAlive();
    }

    /** How an ended server ended, as in "… ended with exit status 1". */
    synchronized String ending() {
        if (ending.isEmpty()) {
            ending = readEnding();
        }
        return ending;
    }

    private String readEnding() {
        try {
            String status = Objects.requireNonNullElse(lines.readLine(), "");
            if (!status.matches("\\d{1,3}")) {
                return "was lost: its watchdog was killed";
            }
            int code = Integer.parseInt(status);
            return code > 128
                    ? "was ended by signal %d%s"
                            .formatted(
                                    code - 128,
                                    code == 137
                                            ? "; when nobody killed it, the kernel did for lack of"
                                                    + " memory: see dmesg"
                                            : "")
                    : "ended with exit status " + code;
        } catch (IOException e) {
            return "was lost: " + e.getMessage();
        }
    }

    /** SIGTERM, and SIGKILL after the grace period, to all of the family. Idempotent. */
    void stop() {
        try {
            watchdog.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        if (!endsWithin(grace.plus(SLACK))) {
            watchdog.destroyForcibly();
        }
        family.kill();
    }

    /** Waits without giving in to interrupts; the flag is kept for the caller. */
    private boolean endsWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return watchdog.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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

    private static ServerException unavailable(String message) {
        return new ServerException(ServerException.Kind.UNAVAILABLE, message, List.of());
    }

    private static String script() {
        try (InputStream in =
                Objects.requireNonNull(Supervisor.class.getResourceAsStream("watchdog.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
