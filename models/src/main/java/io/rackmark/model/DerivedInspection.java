package io.rackmark.model;

import io.rackmark.model.onnx.OnnxSummary;
import io.rackmark.model.onnx.OnnxType;
import io.rackmark.model.torchscript.ArchiveNotes;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a file is that was derived from a checkpoint, by Rackmark or by others. */
final class DerivedInspection {
    private static final String ONNX = ".onnx";
    private static final String TORCHSCRIPT = ".pt";
    private static final String CONTEXT = "rackmark.context";
    private static final String TOKENIZER = "none; it stays with the checkpoint";

    private DerivedInspection() {}

    /** Empty when the text is no path of an ONNX graph or TorchScript archive. */
    static Optional<ModelInspection> of(String path) {
        try {
            Path file = Path.of(path).toAbsolutePath().normalize();
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            String name = file.getFileName().toString();
            if (name.endsWith(ONNX)) {
                return Optional.of(onnx(file, stem(name, ONNX)));
            }
            return name.endsWith(TORCHSCRIPT)
                    ? Optional.of(torchScript(file, stem(name, TORCHSCRIPT)))
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String stem(String name, String ending) {
        return name.substring(0, name.length() - ending.length());
    }

    private static ModelInspection onnx(Path file, String name) {
        OnnxSummary summary = OnnxSummary.read(file);
        List<ModelInspection.Tensor> tensors = new ArrayList<>();
        Set<Path> files = new LinkedHashSet<>(List.of(file));
        for (OnnxSummary.Tensor tensor : summary.tensors()) {
            tensors.add(
                    new ModelInspection.Tensor(
                            tensor.name(),
                            tensor.type(),
                            tensor.shape(),
                            tensor.elements(),
                            tensor.elements() * elementBytes(tensor.type())));
            beside(file, tensor.location()).ifPresent(files::add);
        }
        return new ModelInspection(
                name,
                file,
                "onnx",
                "graph of %s, opset %d".formatted(producer(summary), summary.opset()),
                OptionalLong.empty(),
                ModelInspection.byDtype(tensors),
                number(summary.metadata().get(CONTEXT)),
                OptionalInt.empty(),
                OptionalInt.empty(),
                TOKENIZER,
                false,
                Optional.empty(),
                tensors,
                files.stream().map(ModelFile::of).toList());
    }

    private static String producer(OnnxSummary summary) {
        return summary.producer().isEmpty() ? "an unnamed program" : summary.producer();
    }

    /** A data file by name only: what leads out of the folder is not followed. */
    private static Optional<Path> beside(Path graph, String location) {
        if (location.isEmpty() || location.contains("/") || location.contains("\\")) {
            return Optional.empty();
        }
        return Optional.of(graph.resolveSibling(location)).filter(Files::isRegularFile);
    }

    private static long elementBytes(String type) {
        for (OnnxType known : OnnxType.values()) {
            if (known.name().equals(type)) {
                return known.bytes();
            }
        }
        return 1;
    }

    private static OptionalInt number(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static ModelInspection torchScript(Path file, String name) {
        Optional<ArchiveNotes> found = ArchiveNotes.read(file);
        List<ModelInspection.Tensor> tensors = new ArrayList<>();
        for (ArchiveNotes notes : found.stream().toList()) {
            for (ArchiveNotes.Tensor tensor : notes.tensors()) {
                long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
                tensors.add(
                        new ModelInspection.Tensor(
                                tensor.name(),
                                notes.type(),
                                tensor.shape(),
                                elements,
                                notes.weights() ? elements * notes.elementBytes() : 0));
            }
        }
        return new ModelInspection(
                found.map(ArchiveNotes::name).orElse(name),
                file,
                found.map(notes -> notes.weights() ? "torchscript" : "torchscript, program alone")
                        .orElse("torchscript"),
                found.map(ArchiveNotes::architecture)
                        .orElse("unknown: the archive was made by another program"),
                OptionalLong.of(ModelInspection.total(tensors)),
                ModelInspection.byDtype(tensors),
                optional(found.map(ArchiveNotes::contextTokens)),
                optional(found.map(ArchiveNotes::layers)),
                optional(found.map(ArchiveNotes::vocabulary)),
                TOKENIZER,
                false,
                found.map(ArchiveNotes::synthetic),
                tensors,
                List.of(ModelFile.of(file)));
    }

    private static OptionalInt optional(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
