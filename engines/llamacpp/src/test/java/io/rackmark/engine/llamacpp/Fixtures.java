package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.GgufConverter;
import io.rackmark.model.safetensors.SafetensorsFile;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The checkpoints of tools/model-fixtures with the logits of another implementation. */
final class Fixtures {
    private static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Fixtures() {}

    /** What transformers computes in 32-bit floats. */
    static final class Expected {
        private final int[] ids;
        private final float[][] logits; // [positions][vocabulary]

        private Expected(int[] ids, float[][] logits) {
            this.ids = ids;
            this.logits = logits;
        }

        int[] ids() {
            return ids;
        }

        float[][] logits() {
            return logits;
        }
    }

    static Path directory(String name) {
        return Path.of(System.getProperty("rackmark.source", "../.."))
                .resolve("models/src/test/resources/fixtures")
                .resolve(name);
    }

    static Path gguf(String name, Precision precision, Path target) throws IOException {
        Path file = target.resolve(name + "-" + precision.label() + ".gguf");
        new GgufConverter(Checkpoint.read(directory(name)), precision)
                .write(file, ConversionProgress.NONE);
        return file;
    }

    static Expected expected(String name) {
        try (SafetensorsFile file =
                SafetensorsFile.open(directory(name).resolve("expected.safetensors"))) {
            int[] ids = file.tensor("input_ids").data().toArray(I32);
            SafetensorsTensor logits = file.tensor("logits");
            int vocabulary = logits.shape().getLast().intValue();
            float[][] rows = new float[ids.length][vocabulary];
            for (int i = 0; i < ids.length; i++) {
                logits.read((long) i * vocabulary, vocabulary, rows[i]);
            }
            return new Expected(ids, rows);
        }
    }

    /** Root of the mean squared difference over that of the expected values. */
    static double relativeRms(float[] found, float[] expected) {
        double difference = 0;
        double square = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) found[i] - expected[i], 2);
            square += (double) expected[i] * expected[i];
        }
        return Math.sqrt(difference / square);
    }
}
