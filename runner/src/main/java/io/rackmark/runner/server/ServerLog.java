package io.rackmark.runner.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What a server writes to standard output and error. It goes to the file without passing through
 * this process, so that a talkative server costs the measurement nothing.
 */
record ServerLog(Path file, List<String> secrets) {
    private static final int TAIL_BYTES = 32 << 10;
    private static final int TAIL_LINES = 20;
    private static final int LINE_CHARS = 500;

    /** The last lines with anything on them, oldest first. */
    List<String> tail() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, channel.size() - TAIL_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
            int read;
            do {
                read = channel.read(bytes, from + bytes.position());
            } while (read > 0);
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            List<String> lines =
                    text.lines().map(this::shown).filter(line -> !line.isEmpty()).toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The last line; empty when there is none. */
    String lastLine() {
        List<String> tail = tail();
        return tail.isEmpty() ? "" : tail.getLast();
    }

    /** Takes secrets that the server printed out of the file; call when it has ended. */
    void redact() {
        if (secrets.isEmpty()) {
            return;
        }
        Path clean = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            copyWithoutSecrets(clean);
            Files.move(clean, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            remove(clean, file);
        }
    }

    /** ISO 8859-1 keeps every byte as it is. */
    private void copyWithoutSecrets(Path clean) throws IOException {
        List<String> bytes =
                secrets.stream()
                        .map(
                                secret ->
                                        new String(
                                                secret.getBytes(StandardCharsets.UTF_8),
                                                StandardCharsets.ISO_8859_1))
                        .toList();
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
                BufferedWriter out = Files.newBufferedWriter(clean, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(without(bytes, line));
                out.newLine();
            }
        }
    }

    private static void remove(Path... files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // What cannot be cleaned and cannot be removed is readable by this user only.
            }
        }
    }

    /** Control characters could drive the terminal that shows the line. */
    private String shown(String line) {
        String plain =
                line.replaceAll("\u001B\\[[0-9;?]*[A-Za-z]", "")
                        .replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ")
                        .strip();
        String safe = without(secrets, plain);
        return safe.length() <= LINE_CHARS ? safe : safe.substring(0, LINE_CHARS) + "…";
    }

    private static String without(List<String> secrets, String line) {
        String safe = line;
        for (String secret : secrets) {
            safe = safe.replace(secret, "***");
        }
        return safe;
    }
}
