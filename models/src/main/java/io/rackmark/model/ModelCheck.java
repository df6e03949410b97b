package io.rackmark.model;

import io.rackmark.model.convert.LlamaTensors;
import io.rackmark.model.gguf.GgufFile;
import io.rackmark.model.gguf.GgufTensor;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whether the files of a model are sound: readable, consistent with each other, all weights finite.
 *
 * @param files with their hashes
 * @param tensorsChecked tensors of which every element was looked at
 * @param tensorsSkipped tensors of types that are not decoded here
 * @param faults one sentence each; empty for a sound model
 */
public record ModelCheck(
        List<ModelFile> files, int tensorsChecked, int tensorsSkipped, List<String> faults) {
    private static final int CHUNK = 1 << 16;

    public ModelCheck {
        files = List.copyOf(files);
        faults = List.copyOf(faults);
    }

    public boolean sound() {
        return faults.isEmpty();
    }

    /**
     * Reads the whole model.
     *
     * @throws ModelException when a file is so damaged that it cannot be opened
     */
    public static ModelCheck of(ModelSource source) {
        return switch (source) {
            case ModelSource.Directory directory -> of(directory.checkpoint());
            case ModelSource.Gguf gguf -> of(gguf);
        };
    }

    private static ModelCheck of(Checkpoint checkpoint) {
        List<String> faults = new ArrayList<>();
        checkTokens(checkpoint, faults);
        int checked = 0;
        int skipped = 0;
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            checkShapes(checkpoint, weights, faults);
            for (SafetensorsTensor tensor : weights.tensors().values()) {
                if (tensor.decodable()) {
                    checkFinite(tensor.name(), tensor.elements(), tensor::read, faults);
                    checked++;
                } else {
                    skipped++;
                }
            }
        }
        return new ModelCheck(
                checkpoint.sourceFiles().stream().map(ModelFile::of).toList(),
                checked,
                skipped,
                faults);
    }

    private static ModelCheck of(ModelSource.Gguf source) {
        List<String> faults = new ArrayList<>();
        int checked = 0;
        int skipped = 0;
        try (GgufFile file = GgufFile.open(source.path())) {
            for (GgufTensor tensor : file.tensors().values()) {
                if (tensor.decodable()) {
                    checkFinite(tensor.name(), tensor.elements(), tensor::read, faults);
                    checked++;
                } else {
                    skipped++;
                }
            }
        }
        return new ModelCheck(List.of(ModelFile.of(source.path())), checked, skipped, faults);
    }

    private static void checkTokens(Checkpoint checkpoint, List<String> faults) {
        ModelConfig config = checkpoint.config();
        int tokens = checkpoint.tokenizer().tokens().size();
        if (tokens > config.vocabulary()) {
            faults.add(
                    "the tokenizer has %d tokens, but vocab_size in config.json is %d"
                            .formatted(tokens, config.vocabulary()));
        }
        List<Integer> ids = new ArrayList<>(config.eosIds());
        for (OptionalInt id : List.of(config.bosId(), config.padId())) {
            id.ifPresent(ids::add);
        }
        for (int id : ids) {
            if (id < 0 || id >= config.vocabulary()) {
                faults.add(
                        "token id %d of the configuration is outside 0 to %d"
                                .formatted(id, config.vocabulary() - 1));
            }
        }
    }

    private static void checkShapes(
            Checkpoint checkpoint, CheckpointWeights weights, List<String> faults) {
        for (LlamaTensors.Expected expected : LlamaTensors.expected(checkpoint.config())) {
            SafetensorsTensor tensor = weights.tensors().get(expected.name());
            if (tensor == null) {
                faults.add("tensor %s is missing".formatted(expected.name()));
            } else if (!tensor.shape().equals(expected.shape())) {
                faults.add(
                        "tensor %s has shape %s; config.json asks for %s"
                                .formatted(tensor.name(), tensor.shape(), expected.shape()));
            }
        }
        for (String name :
                LlamaTensors.strangers(checkpoint.config(), weights.tensors().keySet())) {
            faults.add("tensor %s has no place in this configuration".formatted(name));
        }
    }

    private static void checkFinite(
            String name, long elements, ElementReader reader, List<String> faults) {
        float[] chunk = new float[CHUNK];
        long nan = 0;
        long infinite = 0;
        for (long at = 0; at < elements; at += CHUNK) {
            int count = (int) Math.min(CHUNK, elements - at);
            reader.read(at, count, chunk);
            for (int i = 0; i < count; i++) {
                if (Float.isNaN(chunk[i])) {
                    nan++;
                } else if (Float.isInfinite(chunk[i])) {
                    infinite++;
                }
            }
        }
        if (nan + infinite > 0) {
            faults.add(
                    "tensor %s holds %d NaN and %d infinite of %d elements"
                            .formatted(name, nan, infinite, elements));
        }
    }

    private interface ElementReader {
        void read(long from, int count, float[] target);
    }
}
