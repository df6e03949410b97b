package io.rackmark.model.onnx;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model as far as its weights' whereabouts go; nodes are left to the runtime.
 *
 * @param external initializers of the main graph that lie in other files
 */
public record OnnxFile(Path path, List<ExternalTensor> external) {
    private static final int MODEL_GRAPH = 7;
    private static final int MAX_INITIALIZERS = 1 << 20;
    private static final int MAX_RANK = 16;

    public OnnxFile {
        external = List.copyOf(external);
    }

    /**
     * Walks over the whole {@code ModelProto}.
     *
     * @throws ModelException when the file is missing, no ONNX or cut off
     */
    public static OnnxFile read(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new OnnxFile(path, model(path, new ProtoReader(path, data)));
        } catch (NoSuchFileException e) {
            throw new ModelException(Kind.NOT_FOUND, "no such file: " + path, e);
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    private static List<ExternalTensor> model(Path path, ProtoReader model) {
        List<ExternalTensor> external = new ArrayList<>();
        boolean graphSeen = false;
        while (model.next()) {
            if (model.field() == MODEL_GRAPH) {
                graph(path, model.message(), external);
                graphSeen = true;
            } else {
                model.skip();
            }
        }
        if (!graphSeen) {
            throw ModelException.damaged(path, 0, "an ONNX model with a graph", "none");
        }
        return external;
    }

    private static void graph(Path path, ProtoReader graph, List<ExternalTensor> external) {
        while (graph.next()) {
            if (graph.field() == OnnxFields.GRAPH_INITIALIZER) {
                initializer(path, graph.message(), external);
            } else {
                graph.skip();
            }
            if (external.size() > MAX_INITIALIZERS) {
                throw ModelException.damaged(
                        path, 0, "at most " + MAX_INITIALIZERS + " initializers", "more");
            }
        }
    }

    private static void initializer(Path path, ProtoReader tensor, List<ExternalTensor> external) {
        String name = "";
        long type = 0;
        List<Long> shape = new ArrayList<>();
        Map<String, String> where = new HashMap<>();
        while (tensor.next()) {
            switch (tensor.field()) {
                case OnnxFields.TENSOR_NAME -> name = tensor.text();
                case OnnxFields.TENSOR_TYPE -> type = tensor.varint();
                case OnnxFields.TENSOR_DIMS -> dimensions(path, tensor, shape);
                case OnnxFields.TENSOR_EXTERNAL -> entry(tensor.message(), where);
                default -> tensor.skip();
            }
        }
        String location = where.get("location");
        if (location != null) {
            external.add(
                    new ExternalTensor(
                            name,
                            OnnxType.ofCode(type),
                            shape,
                            location,
                            number(path, name, where.getOrDefault("offset", "0")),
                            number(path, name, where.getOrDefault("length", "-1"))));
        }
    }

    /** Writers may pack the list or not. */
    static void dimensions(Path path, ProtoReader tensor, List<Long> shape) {
        if (tensor.isDelimited()) {
            ProtoReader list = tensor.message();
            while (!list.atEnd() && shape.size() <= MAX_RANK) {
                shape.add(list.packed());
            }
        } else {
            shape.add(tensor.varint());
        }
        if (shape.size() > MAX_RANK) {
            throw ModelException.damaged(path, 0, "at most " + MAX_RANK + " dimensions", "more");
        }
    }

    static void entry(ProtoReader entry, Map<String, String> where) {
        String key = "";
        String value = "";
        while (entry.next()) {
            switch (entry.field()) {
                case OnnxFields.ENTRY_KEY -> key = entry.text();
                case OnnxFields.ENTRY_VALUE -> value = entry.text();
                default -> entry.skip();
            }
        }
        where.put(key, value);
    }

    private static long number(Path path, String tensor, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s is damaged: external data of tensor %s has '%s' for a number"
                            .formatted(path, tensor, text),
                    e);
        }
    }
}
