package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds the chat template, wherever the checkpoint keeps it. */
final class ChatTemplateReader {
    private static final long MAX_BYTES = 4 << 20;

    private ChatTemplateReader() {}

    /** {@code chat_template.jinja} wins, as it does for the libraries that write it. */
    static Optional<String> read(Path directory) {
        Path file = directory.resolve("chat_template.jinja");
        try {
            if (Files.exists(file)) {
                if (Files.size(file) > MAX_BYTES) {
                    throw ModelException.damaged(
                            file, 0, "at most " + MAX_BYTES + " bytes", Files.size(file) + "");
                }
                return Optional.of(Files.readString(file));
            }
        } catch (IOException e) {
            throw new ModelException(
                    Kind.ENVIRONMENT, "cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
        return TokenizerReader.config(directory)
                .flatMap(config -> fromConfig(config.path("chat_template")));
    }

    /** A string, or a list of named templates of which {@code default} is ours. */
    private static Optional<String> fromConfig(JsonNode template) {
        if (template.isString()) {
            return Optional.of(template.asString());
        }
        for (JsonNode one : template.values()) {
            if (one.path("name").asString("").equals("default")) {
                return Optional.of(one.path("template").asString(""));
            }
        }
        return Optional.empty();
    }
}
