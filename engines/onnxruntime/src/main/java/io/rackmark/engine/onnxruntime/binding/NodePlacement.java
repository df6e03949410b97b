package io.rackmark.engine.onnxruntime.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which execution provider computes which nodes, as partitioned when the session was made.
 *
 * @param operators per provider, operator types with repeats
 */
public record NodePlacement(Map<String, List<String>> operators) {
    /** Session configuration entry that has ONNX Runtime remember it. */
    public static final String RECORD = "session.record_ep_graph_assignment_info";

    private static final long MOST = 1 << 22;
    private static final long MOST_NAME_BYTES = 1 << 10;

    public NodePlacement {
        operators = Map.copyOf(operators);
    }

    static NodePlacement read(OrtApi api, MemorySegment session) throws OrtException {
        Map<String, List<String>> operators = new TreeMap<>();
        for (MemorySegment part : array(api.getEpGraphAssignmentInfo, session)) {
            List<String> found =
                    operators.computeIfAbsent(
                            text(api.subgraphGetEpName, part), _ -> new ArrayList<>());
            for (MemorySegment node : array(api.subgraphGetNodes, part)) {
                found.add(text(api.nodeGetOperatorType, node));
            }
        }
        return new NodePlacement(operators);
    }

    /** The session owns the array and what it points to. */
    private static List<MemorySegment> array(StatusFunction function, MemorySegment of)
            throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            MemorySegment count = arena.allocate(JAVA_LONG);
            function.call(of, pointer, count);
            long length = count.get(JAVA_LONG, 0);
            if (length < 0 || length > MOST) {
                throw new OrtException("a graph of %d parts".formatted(length));
            }
            MemorySegment elements =
                    pointer.get(ADDRESS, 0).reinterpret(length * ADDRESS.byteSize());
            List<MemorySegment> result = new ArrayList<>();
            for (long i = 0; i < length; i++) {
                result.add(elements.getAtIndex(ADDRESS, i));
            }
            return result;
        }
    }

    private static String text(StatusFunction function, MemorySegment of) throws OrtException {
        return function.out(of).reinterpret(MOST_NAME_BYTES).getString(0);
    }

    /** Operator types that a provider was given. */
    public List<String> of(String provider) {
        return operators.getOrDefault(provider, List.of());
    }

    /** Such as {@code CUDAExecutionProvider 233 nodes}. */
    public String summary() {
        return new TreeMap<>(operators)
                .entrySet().stream()
                        .map(e -> "%s %d nodes".formatted(e.getKey(), e.getValue().size()))
                        .collect(Collectors.joining(", "));
    }
}
