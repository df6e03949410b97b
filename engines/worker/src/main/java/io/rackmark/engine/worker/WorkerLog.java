package io.rackmark.engine.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What a worker writes to standard output and error: the start in a file, the end in memory. */
final class WorkerLog {
    private static final int MOST_LINES = 200;
    private static final int LAST_LINES = 20;
    private static final int LINE_BYTES = 1000;
    private static final long FILE_BYTES = 16L << 20;

    private final Deque<String> lines = new ArrayDeque<>();
    private final byte[] line = new byte[LINE_BYTES];
    private final Thread reader;
    private int lineLength;
    private long fileLength;

    /** Reads {@code output} to its end on a thread of its own. */
    WorkerLog(InputStream output, Path file) {
        this.reader =
                Thread.ofPlatform().daemon().name("worker-log").start(() -> readAll(output, file));
    }

    /** All lines kept, oldest first. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The last lines, oldest first. */
    List<String> lastLines() {
        List<String> all = lines();
        return all.subList(Math.max(0, all.size() - LAST_LINES), all.size());
    }

    /** Waits until everything is read; call when the process has ended. */
    void await(Duration limit) {
        try {
            reader.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAll(InputStream output, Path file) {
        byte[] buffer = new byte[8192];
        try (InputStream in = output;
                OutputStream out = Files.newOutputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                add(buffer, read);
                int kept = (int) Math.min(read, FILE_BYTES - fileLength);
                out.write(buffer, 0, kept);
                fileLength += kept;
            }
        } catch (IOException e) {
            add(("the worker's log cannot be kept: " + e + "\n").getBytes(StandardCharsets.UTF_8));
            drain(output, buffer);
        }
        endLine();
    }

    /** A worker whose output nobody reads stops when the pipe is full. */
    private void drain(InputStream output, byte[] buffer) {
        try {
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                add(buffer, read);
            }
        } catch (IOException e) {
            endLine();
        }
    }

    private void add(byte[] bytes) {
        add(bytes, bytes.length);
    }

    private synchronized void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else if (lineLength < LINE_BYTES) {
                line[lineLength++] = bytes[i];
            }
        }
    }

    private synchronized void endLine() {
        if (lineLength > 0) {
            lines.add(printable(new String(line, 0, lineLength, StandardCharsets.UTF_8)));
            lineLength = 0;
        }
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /** Control characters could drive the terminal that shows the line. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ").strip();
    }
}
