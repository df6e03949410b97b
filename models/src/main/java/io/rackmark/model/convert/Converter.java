package io.rackmark.model.convert;

import io.rackmark.engine.ModelFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes one checkpoint in one form and precision. The same input gives the same bytes. */
interface Converter {
    ModelFormat format();

    /** Goes up whenever the same checkpoint would give other bytes. */
    int version();

    /** Names of the files written; the one that an engine opens is the last. */
    List<String> fileNames();

    /** Size of the tensor data to be written. */
    long dataBytes();

    /**
     * Writes all files and forces them to the disk.
     *
     * @param files where they go, in the order of {@link #fileNames}; none exists
     * @throws IOException when a file cannot be written
     * @throws io.rackmark.model.ModelException when the weights do not fit the configuration or the
     *     precision
     */
    void write(List<Path> files, ConversionProgress progress) throws IOException;
}
