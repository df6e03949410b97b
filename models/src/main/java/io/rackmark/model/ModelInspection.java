package io.rackmark.model;

import io.rackmark.model.gguf.GgufFile;
import io.rackmark.model.gguf.GgufTensor;
import io.rackmark.model.gguf.GgufValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model on disk is, for people and for JSON.
 *
 * @param format {@code safetensors}, {@code gguf}, {@code onnx} or {@code torchscript}
 * @param architecture for example {@code LlamaForCausalLM}, or GGUF's {@code llama}
 * @param parameters weights in all; a tied output matrix counts once; empty for an ONNX graph,
 *     whose tensors hold tables, scales and packed weights too
 * @param parametersByDtype elements of the tensors by their type
 * @param tokenizer kind of the tokenizer
 * @param synthetic whether the weights are random; empty when the file does not tell
 * @param tensors in file order
 */
public record ModelInspection(
        String name,
        Path path,
        String format,
        String architecture,
        OptionalLong parameters,
        SortedMap<String, Long> parametersByDtype,
        OptionalInt contextTokens,
        OptionalInt layers,
        OptionalInt vocabulary,
        String tokenizer,
        boolean chatTemplate,
        Optional<Boolean> synthetic,
        List<Tensor> tensors,
        List<ModelFile> files) {
    public ModelInspection {
        parametersByDtype = Collections.unmodifiableSortedMap(new TreeMap<>(parametersByDtype));
        tensors = List.copyOf(tensors);
        files = List.copyOf(files);
    }

    /**
     * One row of the tensor table.
     *
     * @param shape outermost dimension first
     * @param bytes in the file
     */
    public record Tensor(String name, String dtype, List<Long> shape, long elements, long bytes) {}

    /**
     * The model of a name, a checkpoint, or a file of any form that is read or written here.
     *
     * @throws ModelException when there is none, or it is damaged
     */
    public static ModelInspection of(Catalogue catalogue, String nameOrPath) {
        return DerivedInspection.of(nameOrPath).orElseGet(() -> of(catalogue.resolve(nameOrPath)));
    }

    /** Reads headers and configuration, and hashes the files. */
    public static ModelInspection of(ModelSource source) {
        return switch (source) {
            case ModelSource.Directory directory -> of(directory.checkpoint());
            case ModelSource.Gguf gguf -> of(gguf);
        };
    }

    /** Size of all files together. */
    public long fileBytes() {
        return files.stream().mapToLong(ModelFile::bytes).sum();
    }

    private static ModelInspection of(Checkpoint checkpoint) {
        List<Tensor> tensors = new ArrayList<>();
        try (CheckpointWeights weights = checkpoint.openWeights()) {
            weights.tensors()
                    .values()
                    .forEach(
                            tensor ->
                                    tensors.add(
                                            new Tensor(
                                                    tensor.name(),
                                                    tensor.dtype().name(),
                                                    tensor.shape(),
                                                    tensor.elements(),
                                                    tensor.data().byteSize())));
        }
        ModelConfig config = checkpoint.config();
        return new ModelInspection(
                checkpoint.name(),
                checkpoint.directory(),
                "safetensors",
                config.architecture(),
                OptionalLong.of(total(tensors)),
                byDtype(tensors),
                OptionalInt.of(config.contextTokens()),
                OptionalInt.of(config.layers()),
                OptionalInt.of(config.vocabulary()),
                checkpoint.tokenizer().kind().label(),
                checkpoint.chatTemplate().isPresent(),
                Optional.of(checkpoint.synthetic()),
                tensors,
                checkpoint.sourceFiles().stream().map(ModelFile::of).toList());
    }

    private static ModelInspection of(ModelSource.Gguf source) {
        try (GgufFile file = GgufFile.open(source.path())) {
            String architecture = file.text("general.architecture").orElse("unknown");
            List<Tensor> tensors =
                    file.tensors().values().stream().map(ModelInspection::row).toList();
            return new ModelInspection(
                    source.name(),
                    source.path(),
                    "gguf",
                    architecture,
                    OptionalLong.of(total(tensors)),
                    byDtype(tensors),
                    number(file, architecture + ".context_length"),
                    number(file, architecture + ".block_count"),
                    vocabulary(file),
                    tokenizer(file),
                    file.text("tokenizer.chat_template").isPresent(),
                    synthetic(file),
                    tensors,
                    List.of(ModelFile.of(source.path())));
        }
    }

    private static Tensor row(GgufTensor tensor) {
        return new Tensor(
                tensor.name(),
                tensor.type().name(),
                tensor.shape(),
                tensor.elements(),
                tensor.data().byteSize());
    }

    private static OptionalInt number(GgufFile file, String key) {
        return file.whole(key)
                .filter(value -> value >= 0 && value <= Integer.MAX_VALUE)
                .map(value -> OptionalInt.of(value.intValue()))
                .orElse(OptionalInt.empty());
    }

    private static OptionalInt vocabulary(GgufFile file) {
        return file.metadata().get("tokenizer.ggml.tokens") instanceof GgufValue.Array tokens
                ? OptionalInt.of(tokens.values().size())
                : OptionalInt.empty();
    }

    /** Only our own files tell, and only when it is so. */
    private static Optional<Boolean> synthetic(GgufFile file) {
        return file.metadata().get("rackmark.synthetic") instanceof GgufValue.Bool(boolean said)
                ? Optional.of(said)
                : Optional.empty();
    }

    private static String tokenizer(GgufFile file) {
        String model = file.text("tokenizer.ggml.model").orElse("none");
        return file.text("tokenizer.ggml.pre").map(pre -> model + " (" + pre + ")").orElse(model);
    }

    static long total(List<Tensor> tensors) {
        return tensors.stream().mapToLong(Tensor::elements).sum();
    }

    static SortedMap<String, Long> byDtype(List<Tensor> tensors) {
        SortedMap<String, Long> elements = new TreeMap<>();
        for (Tensor tensor : tensors) {
            elements.merge(tensor.dtype(), tensor.elements(), Long::sum);
        }
        return elements;
    }
}
