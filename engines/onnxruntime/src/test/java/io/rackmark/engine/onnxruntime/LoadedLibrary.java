package io.rackmark.engine.onnxruntime;

import java.nio.file.Path;

/** The library of these tests, loaded. */
public final class LoadedLibrary {
    private LoadedLibrary() {}

    public static Path path() {
        OrtLibrary.load();
        return NativeFiles.unpack(NativeFiles.cacheDirectory()).library();
    }
}
