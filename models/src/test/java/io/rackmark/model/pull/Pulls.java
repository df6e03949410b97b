package io.rackmark.model.pull;

import io.rackmark.model.ModelId;
import io.rackmark.model.ModelStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Parts of a pull that tests share. */
final class Pulls {
    static final ModelId ID = new ModelId("acme", "tiny", ModelId.DEFAULT_REVISION);

    /** Of a planted token. */
    static final String SECRET = "hf_PlantedSecretThatMustNotLeak";

    /** For tests of silence; the others wait as long as a busy machine needs. */
    static final HubClient.Timeouts SHORT =
            new HubClient.Timeouts(
                    Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10));

    private Pulls() {}

    /** Pauses that were asked for instead of slept. */
    static final class Pauses implements Pause {
        private final List<Duration> all = new CopyOnWriteArrayList<>();

        @Override
        public void sleep(Duration time) {
            all.add(time);
        }

        List<Duration> all() {
            return all;
        }
    }

    /** A safetensors file with one tensor of this many random bytes. */
    static byte[] weights(int bytes, long seed) {
        byte[] header =
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                        .formatted(bytes, bytes)
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return ByteBuffer.allocate(8 + header.length + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    /** A hub with a small model. */
    static FakeHub hub(byte[] weights) throws java.io.IOException {
        return new FakeHub()
                .with("config.json", "{\"model_type\": \"llama\"}")
                .with("tokenizer.json", "{}")
                .with("LICENSE", "Permission is granted")
                .with("README.md", "A card")
                .with("model.safetensors", weights);
    }

    static HubClient client(String address, Map<String, String> environment) {
        return client(address, environment, HubClient.Timeouts.USUAL);
    }

    static HubClient client(
            String address, Map<String, String> environment, HubClient.Timeouts timeouts) {
        return new HubClient(
                address,
                HubToken.from(environment),
                ProxyRules.of(environment, new Properties()),
                timeouts);
    }

    static Puller puller(Path store, FakeHub hub) {
        return puller(store, hub, 4, new Pauses(), PullListener.NONE);
    }

    static Puller puller(
            Path store, FakeHub hub, int attempts, Pause pause, PullListener listener) {
        return puller(store, client(hub.address(), Map.of()), attempts, pause, listener);
    }

    static Puller puller(
            Path store, HubClient client, int attempts, Pause pause, PullListener listener) {
        Retries retries = new Retries(attempts, Duration.ofSeconds(1), pause);
        return new Puller(new ModelStore(store), new HubSource(client, retries, retries), listener);
    }

    static Optional<ModelStore.Stored> stored(Path store) {
        return new ModelStore(store).find(ID);
    }
}
