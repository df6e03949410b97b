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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an ONNX model says about itself, for people.
 *
 * @param producer program that wrote it
 * @param opset of the standard's operators; 0 when it names none
 * @param metadata its {@code metadata_props}
 * @param tensors initializers of the main graph, in file order
 */
public record OnnxSummary(
        String producer, long opset, Map<String, String> metadata, List<Tensor> tensors) {
    private static final int MODEL_PRODUCER = 2;
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSETS = 8;
    private static final int MODEL_METADATA = 14;
    private static final int OPSET_DOMAIN = 1;
    private static final int OPSET_VERSION = 2;
    private static final int MOST = 1 << 20;

    public OnnxSummary {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }

    /**
     * One initializer.
     *
     * @param type name of its element type, or its number
     * @param shape outermost dimension first
     * @param location file that holds it; empty when it is the model's own
     */
    public record Tensor(String name, String type, List<Long> shape, String location) {
        public Tensor {
            shape = List.copyOf(shape);
        }

        public long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    /**
     * Walks over the whole {@code ModelProto}.
     *
     * @throws ModelException when the file is missing, no ONNX or cut off
     */
    public static OnnxSummary read(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new Reading(path).model(new ProtoReader(path, data));
        } catch (NoSuchFileException e) {
            throw new ModelException(Kind.NOT_FOUND, "no such file: " + path, e);
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** One pass over one file. */
    private static final class Reading {
        private final Path path;
        private final Map<String, String> metadata = new TreeMap<>();
        private final List<Tensor> tensors = new ArrayList<>();
        private String producer = "";
        private long opset;
        private boolean graphSeen;

        Reading(Path path) {
            this.path = path;
        }

        OnnxSummary model(ProtoReader model) {
            while (model.next()) {
                switch (model.field()) {
                    case MODEL_PRODUCER -> producer = model.text();
                    case MODEL_GRAPH -> graph(model.message());
                    case MODEL_OPSETS -> opset(model.message());
                    case MODEL_METADATA -> entry(model.message(), metadata);
                    default -> model.skip();
                }
            }
            if (!graphSeen) {
                throw ModelException.damaged(path, 0, "an ONNX model with a graph", "none");
            }
            return new OnnxSummary(producer, opset, metadata, tensors);
        }

        private void opset(ProtoReader id) {
            String domain = "";
            long version = 0;
            while (id.next()) {
                switch (id.field()) {
                    case OPSET_DOMAIN -> domain = id.text();
                    case OPSET_VERSION -> version = id.varint();
                    default -> id.skip();
                }
            }
            if (domain.isEmpty() || domain.equals("ai.onnx")) {
                opset = version;
            }
        }

        private void graph(ProtoReader graph) {
            graphSeen = true;
            while (graph.next()) {
                if (graph.field() == OnnxFields.GRAPH_INITIALIZER) {
                    tensors.add(tensor(graph.message()));
                } else {
                    graph.skip();
                }
                bound(tensors.size(), "initializers");
            }
        }

        private Tensor tensor(ProtoReader tensor) {
            String name = "";
            long type = 0;
            List<Long> shape = new ArrayList<>();
            Map<String, String> where = new TreeMap<>();
            while (tensor.next()) {
                switch (tensor.field()) {
                    case OnnxFields.TENSOR_NAME -> name = tensor.text();
                    case OnnxFields.TENSOR_TYPE -> type = tensor.varint();
                    case OnnxFields.TENSOR_DIMS -> OnnxFile.dimensions(path, tensor, shape);
                    case OnnxFields.TENSOR_EXTERNAL -> entry(tensor.message(), where);
                    default -> tensor.skip();
                }
            }
            if (shape.stream().anyMatch(length -> length < 0 || length > Integer.MAX_VALUE)) {
                throw ModelException.damaged(
                        path, 0, "a shape of tensor " + name, shape.toString());
            }
            String label = "type " + type;
            return new Tensor(
                    name,
                    OnnxType.ofCode(type).map(OnnxType::name).orElse(label),
                    shape,
                    where.getOrDefault("location", ""));
        }

        private void entry(ProtoReader entry, Map<String, String> into) {
            OnnxFile.entry(entry, into);
            bound(into.size(), "entries");
        }

        private void bound(int size, String what) {
            if (size > MOST) {
                throw ModelException.damaged(path, 0, "at most " + MOST + " " + what, "more");
            }
        }
    }
}
