package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.rackmark.model.ModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListingReaderTest {
    /** Fields and types as the hub answers them. */
    private static final String GOOD =
            """
            {"id": "acme/tiny", "sha": "0123456789abcdef0123456789abcdef01234567",
             "gated": "auto", "private": false, "tags": ["text", "license:mit"],
             "cardData": {"license": "other", "license_name": "acme-terms"},
             "siblings": [
               {"rfilename": "config.json", "size": 12,
                "blobId": "89abcdef0123456789abcdef0123456789abcdef"},
               {"rfilename": "model.safetensors", "size": 7000000000,
                "blobId": "0000000000000000000000000000000000000000",
                "lfs": {"size": 7000000000, "pointerSize": 135, "sha256":
                "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}},
               {"rfilename": "sub/notes.txt"}]}
            """;

    private static final String[] PIECES = {
        "..",
        "/",
        "\\\\",
        "\\u0000",
        "null",
        "[",
        "]",
        "{",
        "}",
        "-1",
        "1e400",
        "\"",
        ",",
        ":",
        "99999999999999999999",
        "\"rfilename\"",
        "true",
        "\\ud800",
        "C:",
        "\u202E"
    };

    @Test
    void theHubsAnswerIsRead() {
        HubListing listing = read(GOOD);

        assertThat(listing.commit()).isEqualTo("0123456789abcdef0123456789abcdef01234567");
        assertThat(listing.gated()).isTrue();
        assertThat(listing.licence()).contains("acme-terms");
        HubFile config = listing.files().get(0);
        assertThat(config.blobSha1()).contains("89abcdef0123456789abcdef0123456789abcdef");
        assertThat(config.sha256()).isEmpty();
        HubFile weights = listing.files().get(1);
        assertThat(weights.bytes()).isEqualTo(OptionalLong.of(7_000_000_000L));
        assertThat(weights.sha256()).isPresent();
        // An LFS file's blob is its pointer, not its content.
        assertThat(weights.blobSha1()).isEmpty();
        assertThat(listing.files().get(2).bytes()).isEmpty();
    }

    @Test
    void theLicenceMayStandInTheTagsOnly() {
        assertThat(read("{\"siblings\": [], \"tags\": [\"license:mit\"]}").licence())
                .contains("mit");
        assertThat(read("{\"siblings\": [], \"gated\": false}").gated()).isFalse();
    }

    @Test
    void nothingMakesItDoAnythingButReadOrRefuse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] mutant = mutant(random);
            try {
                HubListing listing = ListingReader.read(Pulls.ID, mutant);
                read++;
                Path home = Path.of("/store/model");
                for (HubFile file : listing.files()) {
                    assertThat(home.resolve(file.path()).normalize().startsWith(home)).isTrue();
                    assertThat(file.bytes().orElse(0)).isNotNegative();
                }
            } catch (ModelException e) {
                assertThat(e).hasMessageNotContaining("\0").hasMessageNotContaining("\u202E");
            } catch (RuntimeException | StackOverflowError e) {
                fail(
                        "seed %d, round %d: %s"
                                .formatted(
                                        seed,
                                        round,
                                        new String(mutant, StandardCharsets.ISO_8859_1)),
                        e);
            }
        }
        assertThat(read).as("seed %d", seed).isBetween(100, 19_900);
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(100_000);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> read(deep)))
                .isInstanceOf(ModelException.class);
    }

    private static HubListing read(String json) {
        return ListingReader.read(Pulls.ID, json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mutant(Random random) {
        StringBuilder text = new StringBuilder(GOOD);
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 30)));
                case 2 -> text.setCharAt(at, (char) random.nextInt(1, 256));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
