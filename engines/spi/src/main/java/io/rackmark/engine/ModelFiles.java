package io.rackmark.engine;

import java.nio.file.Path;

/**
 * One model in the form an engine loads.
 *
 * @param name catalogue name or directory name, for messages and results
 * @param checkpoint directory with {@code config.json}, {@code tokenizer.json} and {@code
 *     tokenizer_config.json}
 * @param weights file in {@code format}; for safetensors the checkpoint's own file
 * @param format of {@code weights}
 * @param precision of {@code weights}
 */
public record ModelFiles(
        String name, Path checkpoint, Path weights, ModelFormat format, Precision precision) {}
