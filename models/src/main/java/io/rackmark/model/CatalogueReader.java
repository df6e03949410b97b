package io.rackmark.model;

import io.rackmark.model.CatalogueEntry.Runs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code catalogue.json}, which is part of the program. */
final class CatalogueReader {
    private static final String RESOURCE = "catalogue.json";

    private CatalogueReader() {}

    static List<CatalogueEntry> read() {
        try (InputStream in =
                Objects.requireNonNull(
                        CatalogueReader.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            List<CatalogueEntry> entries = new ArrayList<>();
            for (JsonNode model : new JsonMapper().readTree(in).required("models").values()) {
                entries.add(entry(model));
            }
            return List.copyOf(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CatalogueEntry entry(JsonNode model) {
        return new CatalogueEntry(
                model.required("name").asString(),
                model.has("id")
                        ? Optional.of(
                                ModelId.parse(
                                                model.required("id").asString()
                                                        + "@"
                                                        + model.required("revision").asString())
                                        .orElseThrow())
                        : Optional.empty(),
                model.required("parameters").asLong(),
                model.required("licence").asString(),
                model.required("gated").asBoolean(),
                Runs.valueOf(
                        model.required("runs")
                                .asString()
                                .toUpperCase(Locale.ROOT)
                                .replace('-', '_')),
                model.required("description").asString());
    }
}
