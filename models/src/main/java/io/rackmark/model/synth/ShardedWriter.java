package io.rackmark.model.synth;

import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.model.convert.LlamaTensors;
import io.rackmark.model.safetensors.SafetensorsWriter;
import io.rackmark.model.safetensors.SafetensorsWriter.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes random tensors into one file, or into several with an index, in constant memory. */
final class ShardedWriter {
    /** As hubs do it. */
    static final long SHARD_BYTES = 5_000_000_000L;

    private static final int CHUNK = 1 << 16;

    private final Synthesis synthesis;
    private final List<List<Plan>> shards = new ArrayList<>();
    private final long totalBytes;
    private final ConversionProgress progress;
    private long doneBytes;

    /**
     * @param shardBytes most bytes of tensor data in one file, unless a single tensor has more
     */
    ShardedWriter(
            Synthesis synthesis,
            List<LlamaTensors.Expected> tensors,
            long shardBytes,
            ConversionProgress progress) {
        this.synthesis = synthesis;
        this.progress = progress;
        long total = 0;
        long inShard = 0;
        for (LlamaTensors.Expected tensor : tensors) {
            Plan plan = new Plan(tensor.name(), synthesis.dtype(), tensor.shape());
            if (shards.isEmpty() || inShard + bytes(plan) > shardBytes) {
                shards.add(new ArrayList<>());
                inShard = 0;
            }
            shards.getLast().add(plan);
            inShard += bytes(plan);
            total += bytes(plan);
        }
        totalBytes = total;
    }

    /** Size of all tensors. */
    long totalBytes() {
        return totalBytes;
    }

    private static long bytes(Plan plan) {
        return plan.elements() * plan.dtype().bytes();
    }

    void write(Path directory) throws IOException {
        for (int i = 0; i < shards.size(); i++) {
            try (SafetensorsWriter writer =
                    SafetensorsWriter.create(directory.resolve(name(i)), shards.get(i))) {
                for (Plan plan : shards.get(i)) {
                    write(plan, writer);
                }
                writer.finish();
            }
        }
        if (shards.size() > 1) {
            index(directory.resolve("model.safetensors.index.json"));
        }
    }

    private String name(int shard) {
        return shards.size() == 1
                ? "model.safetensors"
                : "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards.size());
    }

    private void write(Plan plan, SafetensorsWriter writer) throws IOException {
        RandomTensor random = new RandomTensor(plan.name(), plan.shape(), synthesis.seed());
        float[] chunk = new float[CHUNK];
        for (long at = 0; at < plan.elements(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, plan.elements() - at);
            random.next(chunk, count);
            writer.append(chunk, count);
            doneBytes += (long) count * plan.dtype().bytes();
            progress.advanced(doneBytes, totalBytes);
        }
    }

    private void index(Path file) {
        Map<String, String> weightMap = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            for (Plan plan : shards.get(i)) {
                weightMap.put(plan.name(), name(i));
            }
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("metadata", Map.of("total_size", totalBytes));
        root.put("weight_map", weightMap);
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }
}
