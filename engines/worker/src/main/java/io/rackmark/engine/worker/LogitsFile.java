package io.rackmark.engine.worker;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Rows of logits as little-endian 32-bit floats, one row after the other. */
final class LogitsFile {
    private LogitsFile() {}

    /** Writes a new file; returns how many rows there are. */
    static int write(Path file, Optional<float[][]> logits) {
        float[][] rows = logits.orElse(new float[0][]);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (float[] row : rows) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(row.length * Float.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(row);
                out.write(bytes.array());
            }
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Kind.INTERNAL,
                    "cannot write the logits to %s: %s".formatted(file, e));
        }
        return rows.length;
    }

    /** Reads what {@link #write} wrote. */
    static float[][] read(Path file, int rows) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int columns = rows == 0 ? 0 : bytes.remaining() / Float.BYTES / rows;
        float[][] logits = new float[rows][columns];
        for (float[] row : logits) {
            bytes.asFloatBuffer().get(row);
            bytes.position(bytes.position() + columns * Float.BYTES);
        }
        return logits;
    }
}
