package io.rackmark.model.convert;

/** Told about a running conversion, on the converting thread. */
@FunctionalInterface
public interface ConversionProgress {
    /** For callers that do not show any. */
    ConversionProgress NONE = (done, total) -> {};

    /**
     * @param bytesDone of tensor data written so far
     * @param bytesTotal of tensor data
     */
    void advanced(long bytesDone, long bytesTotal);
}
