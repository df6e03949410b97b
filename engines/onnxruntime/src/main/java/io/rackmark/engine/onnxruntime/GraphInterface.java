package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a decoder's graph takes and gives, by the names that Optimum, ONNX Runtime GenAI and
 * Rackmark use.
 *
 * @param sharesBuffers whether keys and values may be written into the buffers they are read from
 * @param takesPositions whether {@code position_ids} is an input
 * @param takesMask whether {@code attention_mask} is an input
 * @param cacheType FLOAT or FLOAT16, of keys and values
 * @param logitsType FLOAT or FLOAT16
 * @param lastLogitsOnly whether logits are those of the last token, [sequences, 1, vocabulary], and
 *     not of every token
 * @param context most positions that the graph has angles for; nothing when it does not tell
 */
record GraphInterface(
        boolean sharesBuffers,
        boolean takesPositions,
        boolean takesMask,
        int layers,
        int kvHeads,
        int headDim,
        OnnxJavaType cacheType,
        OnnxJavaType logitsType,
        boolean lastLogitsOnly,
        int vocabulary,
        OptionalInt context) {
    static final String INPUT_IDS = "input_ids";
    static final String POSITION_IDS = "position_ids";
    static final String ATTENTION_MASK = "attention_mask";
    static final String LAST_POSITIONS = "seqlens_k";
    static final String TOTAL = "total_sequence_length";
    static final String LOGITS = "logits";
    private static final String CONTEXT = "rackmark.context";

    /** Names of the inputs, one per layer. */
    static String past(int layer, boolean key) {
        return "past_key_values." + layer + (key ? ".key" : ".value");
    }

    /** Names of the outputs, one per layer. */
    static String present(int layer, boolean key) {
        return "present." + layer + (key ? ".key" : ".value");
    }

    /** Bytes of one token's keys and values in all layers. */
    long bytesPerToken() {
        return 2L * layers * kvHeads * headDim * cacheType.size;
    }

    /**
     * Reads the signature.
     *
     * @throws EngineException of kind {@code BAD_MODEL} when it is none of a decoder
     */
    static GraphInterface of(Path file, OrtSession session) throws OrtException {
        Map<String, NodeInfo> inputs = session.getInputInfo();
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        int layers = 0;
        while (inputs.containsKey(past(layers, true))) {
            layers++;
        }
        requireKnownInputs(file, inputs.keySet(), layers);
        TensorInfo ids = tensor(file, inputs, INPUT_IDS);
        if (ids.type != OnnxJavaType.INT64) {
            throw bad(file, "input_ids must be int64, is " + ids.type);
        }
        TensorInfo cache = tensor(file, inputs, past(0, true));
        TensorInfo logits = tensor(file, outputs, LOGITS);
        for (int i = 0; i < layers; i++) {
            tensor(file, inputs, past(i, false));
            tensor(file, outputs, present(i, true));
            tensor(file, outputs, present(i, false));
        }
        return new GraphInterface(
                inputs.containsKey(LAST_POSITIONS),
                inputs.containsKey(POSITION_IDS),
                inputs.containsKey(ATTENTION_MASK),
                layers,
                dimension(file, cache, 1, past(0, true)),
                dimension(file, cache, 3, past(0, true)),
                real(file, cache, past(0, true)),
                real(file, logits, LOGITS),
                logits.getShape().length > 1 && logits.getShape()[1] == 1,
                dimension(file, logits, 2, LOGITS),
                context(session.getMetadata().getCustomMetadataValue(CONTEXT)));
    }

    private static void requireKnownInputs(Path file, Set<String> inputs, int layers) {
        Set<String> unknown = new TreeSet<>(inputs);
        unknown.removeAll(Set.of(INPUT_IDS, POSITION_IDS, ATTENTION_MASK, LAST_POSITIONS, TOTAL));
        for (int i = 0; i < layers; i++) {
            unknown.remove(past(i, true));
            unknown.remove(past(i, false));
        }
        if (!unknown.isEmpty()) {
            throw bad(
                    file,
                    "inputs %s are not known; a decoder takes input_ids, attention_mask,"
                                    .formatted(unknown)
                            + " position_ids and past_key_values.N.key and .value");
        }
        if (inputs.contains(LAST_POSITIONS) != inputs.contains(TOTAL)) {
            throw bad(file, "seqlens_k and total_sequence_length go together, one is missing");
        }
    }

    private static TensorInfo tensor(Path file, Map<String, NodeInfo> all, String name) {
        NodeInfo node = all.get(name);
        if (node != null && node.getInfo() instanceof TensorInfo tensor) {
            return tensor;
        }
        throw bad(
                file, "it has no tensor %s among %s".formatted(name, new TreeSet<>(all.keySet())));
    }

    private static OnnxJavaType real(Path file, TensorInfo tensor, String name) {
        if (tensor.type != OnnxJavaType.FLOAT && tensor.type != OnnxJavaType.FLOAT16) {
            throw bad(file, "%s must be float or float16, is %s".formatted(name, tensor.type));
        }
        return tensor.type;
    }

    private static int dimension(Path file, TensorInfo tensor, int axis, String name) {
        long[] shape = tensor.getShape();
        if (shape.length <= axis || shape[axis] < 1 || shape[axis] > Integer.MAX_VALUE) {
            throw bad(
                    file,
                    "%s must have a fixed dimension %d, its shape is %s"
                            .formatted(name, axis, java.util.Arrays.toString(shape)));
        }
        return (int) shape[axis];
    }

    private static OptionalInt context(Optional<String> value) {
        return value.filter(text -> text.matches("[1-9][0-9]{0,8}"))
                .map(text -> OptionalInt.of(Integer.parseInt(text)))
                .orElse(OptionalInt.empty());
    }

    private static EngineException bad(Path file, String what) {
        return new EngineException(
                Kind.BAD_MODEL, "%s is no decoder that can be run: %s".formatted(file, what));
    }
}
