package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.safetensors.SafetensorsFile;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mapped tensors of all weight files of a checkpoint. Thread-safe until closed. */
public final class CheckpointWeights implements AutoCloseable {
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();

    private CheckpointWeights(List<SafetensorsFile> files) {
        this.files = files;
        for (SafetensorsFile file : files) {
            file.tensors()
                    .forEach(
                            (name, tensor) -> {
                                if (tensors.put(name, tensor) != null) {
                                    throw new ModelException(
                                            Kind.DAMAGED,
                                            "%s repeats tensor %s of another shard"
                                                    .formatted(file.path(), name));
                                }
                            });
        }
    }

    static CheckpointWeights open(List<Path> paths, @Nullable ShardIndex index) {
        List<SafetensorsFile> files = new ArrayList<>();
        try {
            for (Path path : paths) {
                files.add(SafetensorsFile.open(path));
            }
            CheckpointWeights weights = new CheckpointWeights(files);
            if (index != null) {
                index.check(files);
            }
            return weights;
        } catch (Throwable e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    /** All tensors by name. */
    public Map<String, SafetensorsTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * The tensor of this name and shape.
     *
     * @throws ModelException when it is missing or has another shape
     */
    public SafetensorsTensor require(String name, List<Long> shape) {
        SafetensorsTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException(
                    Kind.DAMAGED, "%s has no tensor %s".formatted(files.getFirst().path(), name));
        }
        if (!tensor.shape().equals(shape)) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s: tensor %s must have shape %s by config.json, found %s"
                            .formatted(files.getFirst().path(), name, shape, tensor.shape()));
        }
        return tensor;
    }

    /** The weight file that holds this tensor. */
    public Path fileOf(SafetensorsTensor tensor) {
        for (SafetensorsFile file : files) {
            if (tensor.equals(file.tensors().get(tensor.name()))) {
                return file.path();
            }
        }
        throw new IllegalArgumentException("a tensor of another checkpoint: " + tensor.name());
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
