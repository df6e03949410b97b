package io.rackmark.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged tokenizer is a bad model or still a tokenizer, never another failure. */
final class DamagedTokenizerTest {
    @TempDir private Path checkpoint;
    private byte[] sound = {};

    @BeforeEach
    void copy() throws IOException {
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(Embedded.checkpoint().resolve(name), checkpoint.resolve(name));
        }
        sound = Files.readAllBytes(checkpoint.resolve("tokenizer.json"));
    }

    @Test
    void aTokenizerCutShortIsABadModel() throws IOException {
        for (int part = 0; part < 8; part++) {
            write(Arrays.copyOf(sound, sound.length * part / 8));
            assertThatThrownBy(() -> Tokenizer.open(checkpoint))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL))
                    .hasMessageContaining("tokenizer.json");
        }
    }

    @Test
    void flippedBitsEitherOpenSoundlyOrAreABadModel() throws IOException {
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            byte[] flipped = sound.clone();
            flipped[random.nextInt(2000)] ^= (byte) (1 << random.nextInt(8));
            write(flipped);
            try (Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
                tokenizer.encode("How many tracks?", true);
            } catch (EngineException e) {
                assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_MODEL);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private void write(byte[] content) throws IOException {
        Files.write(checkpoint.resolve("tokenizer.json"), content);
    }
}
