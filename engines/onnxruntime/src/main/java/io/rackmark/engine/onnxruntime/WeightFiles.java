package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.ModelFiles;
import io.rackmark.model.ModelException;
import io.rackmark.model.onnx.ExternalTensor;
import io.rackmark.model.onnx.OnnxFile;
import io.rackmark.model.onnx.OnnxType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that hold a graph's weights. ONNX Runtime reads those beside the graph by itself; those
 * in the checkpoint's directory, where it would not look, are mapped and handed over.
 *
 * @param graph the {@code .onnx} file
 * @param inCheckpoint tensors to be handed over
 * @param bytes of all tensors outside the graph, and of the graph
 */
record WeightFiles(Path graph, Path checkpoint, List<ExternalTensor> inCheckpoint, long bytes) {

    WeightFiles {
        inCheckpoint = List.copyOf(inCheckpoint);
    }

    /**
     * Looks for all files and checks their lengths.
     *
     * @throws EngineException of kind {@code BAD_MODEL}
     */
    static WeightFiles find(Path graph, ModelFiles files) {
        OnnxFile onnx = read(graph);
        List<ExternalTensor> inCheckpoint = new ArrayList<>();
        long bytes = size(graph);
        for (ExternalTensor tensor : onnx.external()) {
            Path beside = graph.resolveSibling(plain(graph, tensor));
            boolean found = Files.isRegularFile(beside);
            Path file = found ? beside : files.checkpoint().resolve(tensor.location());
            requireWhole(graph, tensor, file);
            if (!found) {
                inCheckpoint.add(tensor);
            }
            bytes += Math.max(0, tensor.bytes());
        }
        return new WeightFiles(graph, files.checkpoint(), inCheckpoint, bytes);
    }

    private static OnnxFile read(Path graph) {
        try {
            return OnnxFile.read(graph);
        } catch (ModelException e) {
            throw new EngineException(Kind.BAD_MODEL, String.valueOf(e.getMessage()), e);
        }
    }

    /** The location is untrusted: it stays in the directory. */
    private static String plain(Path graph, ExternalTensor tensor) {
        Path location = Path.of(tensor.location());
        if (location.isAbsolute() || location.normalize().startsWith("..")) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "%s keeps tensor %s in '%s', outside its own directory"
                            .formatted(graph, tensor.name(), tensor.location()));
        }
        return tensor.location();
    }

    private static void requireWhole(Path graph, ExternalTensor tensor, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "%s needs the file %s, which is neither beside it nor in %s; convert the model"
                                    .formatted(graph, tensor.location(), file.getParent())
                            + " again");
        }
        long available = size(file);
        boolean whole =
                tensor.offset() >= 0
                        && tensor.offset() <= available
                        && tensor.bytes() <= available - tensor.offset();
        if (!whole) {
            throw new EngineException(
                    Kind.BAD_MODEL,
                    "%s is cut off: tensor %s of %s has %d bytes from byte %d on, the file has %d"
                            .formatted(
                                    file,
                                    tensor.name(),
                                    graph.getFileName(),
                                    tensor.bytes(),
                                    tensor.offset(),
                                    available));
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.BAD_MODEL, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Changes with the files. */
    String stamp() {
        try {
            return "%s %d %d"
                    .formatted(
                            graph.toRealPath(), Files.getLastModifiedTime(graph).toMillis(), bytes);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.BAD_MODEL, "cannot read %s: %s".formatted(graph, e.getMessage()), e);
        }
    }

    /** Bytes of the tensors that stay in the checkpoint. */
    long bytesInCheckpoint() {
        return inCheckpoint.stream().mapToLong(ExternalTensor::bytes).sum();
    }

    /**
     * Tensors over the mapped files, to be closed by the caller.
     *
     * @param arena life of the mappings
     */
    Map<String, OnnxTensorLike> map(OrtEnvironment environment, Arena arena) throws OrtException {
        Map<String, MemorySegment> mapped = new HashMap<>();
        Map<String, OnnxTensorLike> tensors = new HashMap<>();
        for (ExternalTensor tensor : inCheckpoint) {
            MemorySegment file =
                    mapped.computeIfAbsent(
                            tensor.location(), name -> mapping(checkpoint.resolve(name), arena));
            tensors.put(tensor.name(), tensor(environment, tensor, file));
        }
        return tensors;
    }

    private static MemorySegment mapping(Path file, Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.BAD_MODEL, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private OnnxTensor tensor(OrtEnvironment environment, ExternalTensor tensor, MemorySegment file)
            throws OrtException {
        OnnxType type = tensor.type().orElseThrow(() -> unusable(tensor));
        long expected = tensor.shape().stream().reduce((long) type.bytes(), (a, b) -> a * b);
        if (tensor.bytes() != expected || expected > Integer.MAX_VALUE) {
            throw unusable(tensor);
        }
        ByteBuffer data =
                file.asSlice(tensor.offset(), tensor.bytes())
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, data, shape, javaType(type, tensor));
    }

    private OnnxJavaType javaType(OnnxType type, ExternalTensor tensor) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case UINT8, INT32, INT64 -> throw unusable(tensor);
        };
    }

    private EngineException unusable(ExternalTensor tensor) {
        return new EngineException(
                Kind.BAD_MODEL,
                "%s: tensor %s in %s of the checkpoint has a type or length that cannot be used"
                        .formatted(graph, tensor.name(), tensor.location()));
    }
}
