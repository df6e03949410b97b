package io.rackmark.model.convert;

import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.Precision;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.FileHash;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.onnx.GraphForm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Derived files, made once and used again: {@code
 * CACHE/derived/SOURCE_SHA256-vCONVERTER/NAME-PRECISION.gguf} or {@code .onnx}, each with its stamp
 * beside it. A file appears under its name only when it is complete on the disk; when one of a
 * conversion no longer fits its stamp, all are derived again. Safe among threads and processes.
 */
public final class ConversionCache {
    /** Environment variable naming the cache directory. */
    public static final String DIRECTORY_VARIABLE = "RACKMARK_CACHE";

    private final Path directory;

    /** How a file found in the cache is trusted. */
    public enum Reuse {
        /** Size and modification time must fit the stamp. */
        CHECK_STAMP,
        /** The whole file is hashed. */
        CHECK_CONTENT
    }

    /** A cache in this directory, which need not exist yet. */
    public ConversionCache(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** The checkpoint itself, for engines that read safetensors. */
    public static ModelFiles safetensors(Checkpoint checkpoint, Precision precision) {
        return new ModelFiles(
                checkpoint.name(),
                checkpoint.directory(),
                checkpoint.weightFiles().getFirst(),
                ModelFormat.SAFETENSORS,
                precision);
    }

    /**
     * The checkpoint as GGUF, from the cache or derived now.
     *
     * @throws ModelException when the checkpoint cannot be converted or the cache not be written
     */
    public ModelFiles gguf(
            Checkpoint checkpoint, Precision precision, Reuse reuse, ConversionProgress progress) {
        Converter converter = new GgufConverter(checkpoint, precision);
        return derived(checkpoint, precision, converter, reuse, progress);
    }

    /**
     * The checkpoint as ONNX, from the cache or derived now: all graphs of the precision and the
     * data file beside them. Weights that lie in the checkpoint as they are wanted stay there, so
     * the checkpoint must stay too.
     *
     * @throws ModelException when the checkpoint cannot be converted or the cache not be written
     */
    public ModelFiles onnx(
            Checkpoint checkpoint, Precision precision, Reuse reuse, ConversionProgress progress) {
        Converter converter = new OnnxConverter(checkpoint, precision);
        return derived(checkpoint, precision, converter, reuse, progress);
    }

    /**
     * The checkpoint as a TorchScript archive, from the cache or derived now.
     *
     * @param weights whether the archive holds them; without, it is a program of a few kilobytes
     * @throws ModelException when the checkpoint cannot be converted or the cache not be written
     */
    public ModelFiles torchScript(
            Checkpoint checkpoint,
            Precision precision,
            boolean weights,
            Reuse reuse,
            ConversionProgress progress) {
        Converter converter = new TorchScriptConverter(checkpoint, precision, weights);
        return derived(checkpoint, precision, converter, reuse, progress);
    }

    /** All files of a form: the one of {@link ModelFiles#weights} and those that it refers to. */
    public static List<Path> filesOf(ModelFiles files) {
        if (files.format() != ModelFormat.ONNX) {
            return List.of(files.weights());
        }
        List<Path> all = new ArrayList<>();
        for (GraphForm form : GraphForm.of(files.precision())) {
            all.add(form.beside(files.weights()));
        }
        all.add(files.weights().resolveSibling(files.weights().getFileName() + ".data"));
        return all;
    }

    private ModelFiles derived(
            Checkpoint checkpoint,
            Precision precision,
            Converter converter,
            Reuse reuse,
            ConversionProgress progress) {
        return new ModelFiles(
                checkpoint.name(),
                checkpoint.directory(),
                files(checkpoint, converter, reuse, progress).getLast(),
                converter.format(),
                precision);
    }

    private List<Path> files(
            Checkpoint checkpoint, Converter converter, Reuse reuse, ConversionProgress progress) {
        try {
            String source = new SourceHash(directory.resolve("hashes")).of(checkpoint);
            Path home = directory.resolve("derived").resolve(source + "-v" + converter.version());
            Files.createDirectories(home);
            List<Path> files = converter.fileNames().stream().map(home::resolve).toList();
            try (DirectoryLock _ = DirectoryLock.acquire(home)) {
                if (!usable(files, reuse)) {
                    derive(converter, home, files, progress);
                }
            }
            return files;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * SHA-256 of a checkpoint's weights: of the file, or over all shards. Remembered, so that large
     * files are read once.
     */
    public String weightsSha256(Checkpoint checkpoint) {
        try {
            return new SourceHash(directory.resolve("hashes")).ofWeights(checkpoint);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static Path stampOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".stamp");
    }

    private static boolean usable(List<Path> files, Reuse reuse) throws IOException {
        for (Path file : files) {
            if (!usable(file, reuse)) {
                return false;
            }
        }
        return true;
    }

    private static boolean usable(Path file, Reuse reuse) throws IOException {
        FileStamp stamp = FileStamp.read(stampOf(file));
        FileStamp now = stampOrNull(file);
        if (stamp == null || now == null || stamp.bytes() != now.bytes()) {
            return false;
        }
        if (reuse == Reuse.CHECK_STAMP && stamp.sameFileAs(now)) {
            return true;
        }
        // A copied cache has other times but the same content.
        if (!FileHash.sha256(file).equals(stamp.sha256())) {
            return false;
        }
        now.withHash(stamp.sha256()).write(stampOf(file));
        return true;
    }

    private static @Nullable FileStamp stampOrNull(Path file) throws IOException {
        try {
            return FileStamp.of(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void derive(
            Converter converter, Path home, List<Path> files, ConversionProgress progress)
            throws IOException {
        removeLeftovers(home);
        requireSpace(home, converter.dataBytes());
        for (Path file : files) {
            Files.deleteIfExists(stampOf(file));
        }
        List<Path> temporary =
                files.stream().map(file -> home.resolve(file.getFileName() + ".tmp")).toList();
        try {
            converter.write(temporary, progress);
            for (Path file : temporary) {
                force(file);
            }
            for (int i = 0; i < files.size(); i++) {
                Files.move(
                        temporary.get(i),
                        files.get(i),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            for (Path file : temporary) {
                Files.deleteIfExists(file);
            }
        }
        for (Path file : files) {
            FileStamp.of(file).withHash(FileHash.sha256(file)).write(stampOf(file));
        }
    }

    /** A rename must not reach the disk before what it names. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Of a process that was killed; the lock says that nobody is writing now. */
    private static void removeLeftovers(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".tmp")).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void requireSpace(Path home, long bytes) throws IOException {
        long usable = Files.getFileStore(home).getUsableSpace();
        if (usable < bytes) {
            throw new IOException(
                    "%d MB are needed, %d MB are free".formatted(bytes >> 20, usable >> 20));
        }
    }

    private ModelException unwritable(IOException e) {
        return new ModelException(
                Kind.ENVIRONMENT,
                "cannot write the model cache %s (%s); free space there or name another directory"
                                .formatted(directory, reason(e))
                        + " with --cache DIR or "
                        + DIRECTORY_VARIABLE,
                e);
    }

    private static String reason(IOException e) {
        String kind =
                switch (e) {
                    case java.nio.file.AccessDeniedException denied -> "access denied: ";
                    case java.nio.file.FileAlreadyExistsException file -> "not a directory: ";
                    default -> "";
                };
        return kind + e.getMessage();
    }
}
