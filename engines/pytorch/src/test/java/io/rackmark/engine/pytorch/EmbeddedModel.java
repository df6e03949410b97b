package io.rackmark.engine.pytorch;

import io.rackmark.model.Catalogue;
import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelSource;
import java.nio.file.Path;

/** The model that comes with the sources. */
final class EmbeddedModel {
    private EmbeddedModel() {}

    static Checkpoint checkpoint() {
        Path root = Path.of(System.getProperty("rackmark.source"));
        return ((ModelSource.Directory) new Catalogue(root).resolve("embedded")).checkpoint();
    }
}
