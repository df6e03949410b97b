package io.rackmark.model.torchscript;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an archive says about itself, in the extra file {@code rackmark.json}: libtorch hands such
 * files to those who ask for them and passes over them otherwise.
 *
 * @param name of the model
 * @param architecture as in the checkpoint's configuration
 * @param type of the weights, {@code FLOAT16}, {@code FLOAT32} or {@code BFLOAT16}
 * @param synthetic whether the weights are random
 * @param weights whether the archive holds them; else they stay in the checkpoint
 * @param tensors in the order of the program's list
 */
public record ArchiveNotes(
        String name,
        String architecture,
        int contextTokens,
        int layers,
        int vocabulary,
        String type,
        boolean synthetic,
        boolean weights,
        List<Tensor> tensors) {
    static final String RECORD = "extra/rackmark.json";

    /** Far above the notes of any model. */
    private static final int MOST_BYTES = 16 << 20;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

    public ArchiveNotes {
        tensors = List.copyOf(tensors);
    }

    /**
     * One of the weights.
     *
     * @param shape outermost dimension first
     */
    public record Tensor(String name, List<Long> shape) {
        public Tensor {
            shape = List.copyOf(shape);
        }
    }

    /** The notes of a checkpoint's archive. */
    public static ArchiveNotes of(Checkpoint checkpoint, ProgramSpec spec, boolean weights) {
        ModelConfig config = checkpoint.config();
        return new ArchiveNotes(
                checkpoint.name(),
                config.architecture(),
                config.contextTokens(),
                config.layers(),
                config.vocabulary(),
                spec.type().name(),
                checkpoint.synthetic(),
                weights,
                ProgramWeights.of(config).all().stream()
                        .map(weight -> new Tensor(weight.name(), weight.shape()))
                        .toList());
    }

    /** Bytes of one element. */
    public int elementBytes() {
        return ProgramSpec.Type.valueOf(type).bytes();
    }

    byte[] json() {
        return JSON.writeValueAsBytes(this);
    }

    /**
     * Reads the notes of an archive; empty for one that another program made.
     *
     * @throws ModelException when the file is missing or no TorchScript archive
     */
    public static Optional<ArchiveNotes> read(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Optional<? extends ZipEntry> data =
                    zip.stream().filter(e -> e.getName().endsWith("/data.pkl")).findFirst();
            if (data.isEmpty()) {
                throw ModelException.damaged(file, 0, "a TorchScript archive", "another zip file");
            }
            String root = data.get().getName().replaceFirst("/data\\.pkl$", "");
            ZipEntry notes = zip.getEntry(root + "/" + RECORD);
            return notes == null ? Optional.empty() : Optional.of(read(file, zip, notes));
        } catch (NoSuchFileException e) {
            throw new ModelException(Kind.NOT_FOUND, "no such file: " + file, e);
        } catch (ZipException e) {
            throw ModelException.damaged(file, 0, "a TorchScript archive", "no zip file");
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static ArchiveNotes read(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] json = in.readNBytes(MOST_BYTES);
            ArchiveNotes notes = JSON.readValue(json, ArchiveNotes.class);
            if (notes == null || notes.elementBytes() < 1) {
                throw ModelException.damaged(file, 0, "notes of an archive", "null");
            }
            return notes;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelException(
                    Kind.DAMAGED, "%s is damaged: its %s says no sense".formatted(file, RECORD), e);
        }
    }
}
