package io.rackmark.runner.run;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.FileHash;
import io.rackmark.model.reference.ReferenceModel;
import io.rackmark.runner.measure.EquivalenceProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Logits of a checkpoint, computed in plain Java when first asked for and kept in the cache: for a
 * model of a billion weights they take minutes.
 *
 * @param modelSha256 of the checkpoint
 * @param folder where they are kept
 */
record ExactLogits(Path checkpoint, String modelSha256, Path folder)
        implements EquivalenceProbe.Exact {
    /** Goes up when {@link ReferenceModel} computes something else. */
    private static final int VERSION = 1;

    static ExactLogits of(Path checkpoint, String modelSha256, Home home) {
        return new ExactLogits(checkpoint, modelSha256, home.cache().resolve("logits"));
    }

    @Override
    public float[][] logits(List<Integer> tokens, int rows) {
        Path kept = folder.resolve(name(tokens, rows));
        try {
            if (Files.isRegularFile(kept)) {
                ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(kept));
                if (sound(content)) {
                    return read(content, rows);
                }
            }
        } catch (IOException e) {
            return compute(checkpoint, tokens, rows);
        }
        float[][] logits = compute(checkpoint, tokens, rows);
        keep(logits, kept);
        return logits;
    }

    private String name(List<Integer> tokens, int rows) {
        String all = "%d %s %s %d".formatted(VERSION, modelSha256, tokens, rows);
        return FileHash.sha256(all.getBytes(StandardCharsets.UTF_8)) + ".f32";
    }

    /** Computes them anew. */
    static float[][] compute(Path checkpoint, List<Integer> tokens, int rows) {
        try (ReferenceModel model = ReferenceModel.open(Checkpoint.read(checkpoint))) {
            return model.logits(tokens, rows);
        }
    }

    /** Logits, row by row, then their CRC-32 in as many bytes as a long has. */
    private static boolean sound(ByteBuffer content) {
        int length = content.capacity() - Long.BYTES;
        return length > 0 && content.getLong(length) == checksum(content, length);
    }

    private static long checksum(ByteBuffer content, int length) {
        CRC32 crc = new CRC32();
        crc.update(content.slice(0, length));
        return crc.getValue();
    }

    private static float[][] read(ByteBuffer content, int rows) {
        float[][] logits = new float[rows][(content.capacity() - Long.BYTES) / Float.BYTES / rows];
        FloatBuffer values = content.asFloatBuffer();
        for (float[] row : logits) {
            values.get(row);
        }
        return logits;
    }

    private void keep(float[][] logits, Path kept) {
        int length = logits.length * logits[0].length * Float.BYTES;
        ByteBuffer content = ByteBuffer.allocate(length + Long.BYTES);
        FloatBuffer values = content.asFloatBuffer();
        for (float[] row : logits) {
            values.put(row);
        }
        content.putLong(length, checksum(content, length));
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "logits", ".part");
            try {
                Files.write(part, content.array());
                Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException _) {
            // Computed again next time.
        }
    }
}
