package io.rackmark.model.torchscript;

import io.rackmark.model.CheckpointWeights;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.safetensors.SafetensorsTensor;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A decoder as TorchScript. Without weights it is a few kilobytes that are loaded from memory and
 * handed the checkpoint's own tensors; with weights it is a file of its own. The same input gives
 * the same bytes. The methods of the program stand in {@link DecoderProgram}.
 */
public final class TorchScriptArchive {
    /** Goes up whenever the same checkpoint would give other bytes. */
    public static final int VERSION = 2;

    /** Beyond it the zip needs 64-bit fields, which libtorch was never seen to read from here. */
    public static final long MOST_BYTES = 0xffff_ffffL - (64 << 20);

    private static final String ROOT = "decoder";
    private static final String CLASS = "__torch__";

    private TorchScriptArchive() {}

    /** The program alone. */
    public static byte[] withoutWeights(ModelConfig config, ProgramSpec spec) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(out, new Program(config, spec, Optional.empty()), List.of(), done -> {});
        } catch (IOException e) {
            throw new UncheckedIOException("memory was not writable", e);
        }
        return out.toByteArray();
    }

    /**
     * What an archive holds beside weights.
     *
     * @param notes what it says about itself, as an extra file that libtorch passes over
     */
    public record Program(ModelConfig config, ProgramSpec spec, Optional<ArchiveNotes> notes) {}

    /**
     * Writes the program alone, with its notes, to a file, which must not exist.
     *
     * @throws IOException when the file cannot be written
     */
    public static void writeWithoutWeights(Path file, Program program) throws IOException {
        try (OutputStream out = create(file)) {
            write(out, program, List.of(), done -> {});
        }
    }

    /** Bytes of the weights in an archive. */
    public static long weightBytes(ModelConfig config, ProgramSpec spec) {
        return spec.type().bytes()
                * ProgramWeights.of(config).all().stream()
                        .mapToLong(w -> w.shape().stream().reduce(1L, Math::multiplyExact))
                        .sum();
    }

    /**
     * Writes the program and the weights to a file, which must not exist.
     *
     * @throws IOException when the file cannot be written
     * @throws ModelException when the weights do not fit the configuration or make more than {@link
     *     #MOST_BYTES}
     */
    public static void write(
            Path file, ModelConfig config, ProgramSpec spec, CheckpointWeights weights)
            throws IOException {
        write(file, new Program(config, spec, Optional.empty()), weights, done -> {});
    }

    /**
     * The same with notes.
     *
     * @param bytesDone told the bytes of weights written so far
     */
    public static void write(
            Path file, Program program, CheckpointWeights weights, LongConsumer bytesDone)
            throws IOException {
        ModelConfig config = program.config();
        long bytes = weightBytes(config, program.spec());
        if (bytes > MOST_BYTES) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    ("a TorchScript archive of %.1f GB of weights cannot be written, the most is"
                                    + " %.1f GB; leave the weights in the checkpoint")
                            .formatted(bytes / 1e9, MOST_BYTES / 1e9));
        }
        List<Stored> stored = new ArrayList<>();
        for (ProgramWeights.Weight weight : ProgramWeights.of(config).all()) {
            stored.add(new Stored(weight, weights.require(weight.name(), weight.shape())));
        }
        try (OutputStream out = create(file)) {
            write(out, program, stored, bytesDone);
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                1 << 20);
    }

    private record Stored(ProgramWeights.Weight weight, SafetensorsTensor tensor) {}

    /** Records in the order in which {@code torch.jit.save} writes them. */
    private static void write(
            OutputStream out, Program program, List<Stored> weights, LongConsumer bytesDone)
            throws IOException {
        ProgramSpec spec = program.spec();
        long done = 0;
        try (RecordZip zip = new RecordZip(out, ROOT)) {
            zip.put("data.pkl", attributes(spec, weights));
            zip.put("byteorder", ascii("little"));
            for (int i = 0; i < weights.size(); i++) {
                Elements elements = new Elements(weights.get(i).tensor(), spec.type());
                zip.put("data/" + i, elements);
                done += elements.bytes();
                bytesDone.accept(done);
            }
            zip.put("data/" + weights.size(), new byte[Float.BYTES]);
            zip.put("code/" + CLASS + ".py", ascii(DecoderProgram.source(program.config(), spec)));
            zip.put("constants.pkl", new Pickle().emptyTuple().bytes());
            if (program.notes().isPresent()) {
                zip.put(ArchiveNotes.RECORD, program.notes().get().json());
            }
            zip.put("version", ascii("10\n"));
        }
    }

    /** The object {@code Decoder}; every attribute its class declares must be there. */
    private static byte[] attributes(ProgramSpec spec, List<Stored> weights) {
        Pickle pickle = new Pickle();
        pickle.global(CLASS, "Decoder").emptyTuple().newObject().emptyDict().mark();
        pickle.text("training").bool(false);
        pickle.text("weights");
        beginTensors(pickle);
        if (!weights.isEmpty()) {
            pickle.mark();
            for (int i = 0; i < weights.size(); i++) {
                pickle.tensor(
                        Integer.toString(i),
                        spec.type().storage(),
                        weights.get(i).weight().shape());
            }
            pickle.appends();
        }
        pickle.tuple().reduce();
        for (String table : List.of("cos", "sin")) {
            pickle.text(table)
                    .tensor(
                            Integer.toString(weights.size()),
                            ProgramSpec.Type.FLOAT32.storage(),
                            List.of(1L));
        }
        for (String cache : List.of("keys", "values")) {
            pickle.text(cache);
            beginTensors(pickle);
            pickle.tuple().reduce();
        }
        return pickle.setItems().build().bytes();
    }

    /** An untyped empty list would not fit the declared {@code List[Tensor]}. */
    private static void beginTensors(Pickle pickle) {
        pickle.global("torch.jit._pickle", "build_tensorlist").mark().emptyList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
