package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The embedded model must not have been trained on the questions it is judged by. */
class TrainingOverlapTest {
    private static final Path FINGERPRINTS =
            Path.of(
                    System.getProperty("rackmark.source"),
                    "tools/embedded-model/training-questions.hashes.gz");

    @Test
    void noQuestionOfTheCoreSetOccursInTheTrainingText() throws Exception {
        Set<Long> training = trainingQuestions();

        List<String> seen =
                QuestionSet.read("core").questions().stream()
                        .map(Question::text)
                        .filter(text -> training.contains(fingerprint(text)))
                        .toList();

        assertThat(seen).isEmpty();
    }

    @Test
    void theFingerprintsAreThoseOfTheTrainingText() throws Exception {
        Set<Long> training = trainingQuestions();

        assertThat(training).hasSizeGreaterThan(10_000);
        assertThat(training).contains(fingerprint("What is the average invoice total?"));
    }

    private static Set<Long> trainingQuestions() throws IOException {
        Set<Long> fingerprints = new HashSet<>();
        try (DataInputStream in =
                new DataInputStream(new GZIPInputStream(Files.newInputStream(FINGERPRINTS)))) {
            ByteBuffer records = ByteBuffer.wrap(in.readAllBytes());
            while (records.remaining() >= Long.BYTES) {
                fingerprints.add(records.getLong());
            }
        }
        return fingerprints;
    }

    /** As tools/embedded-model/README.md defines it. */
    private static long fingerprint(String question) {
        String normalised = question.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(normalised.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
