package io.rackmark.model;

import java.nio.file.Path;

/** A model one can point at: by catalogue name or by path. */
public sealed interface ModelSource {
    /** Catalogue name, directory name or file name without its suffix. */
    String name();

    /** Where it lies. */
    Path path();

    /** A checkpoint directory, from which every form can be derived. */
    record Directory(String name, Path path) implements ModelSource {
        /** Reads everything but the weights. */
        public Checkpoint checkpoint() {
            return Checkpoint.read(path, name);
        }
    }

    /** One GGUF file, used as it is. */
    record Gguf(String name, Path path) implements ModelSource {}
}
