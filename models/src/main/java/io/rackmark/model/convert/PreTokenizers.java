package io.rackmark.model.convert;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.TokenizerSpec;
import java.util.List;
import java.util.Map;

/** {@code tokenizer.ggml.pre}: llama.cpp's names for text splitting, found by the rules used. */
final class PreTokenizers {
    /** The published splitting expression of Llama 3; Qwen 2 differs in the digits only. */
    private static final String WORDS =
            "split Isolated (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s|"
                    + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Map<List<String>, String> NAMES =
            Map.of(
                    List.of("bytelevel+regex"),
                    "gpt-2",
                    List.of("digits individual", "bytelevel+regex"),
                    "smollm",
                    List.of(WORDS.formatted("\\p{N}{1,3}"), "bytelevel"),
                    "llama-bpe",
                    List.of(WORDS.formatted("\\p{N}"), "bytelevel"),
                    "qwen2");

    private PreTokenizers() {}

    static String name(TokenizerSpec tokenizer) {
        if (tokenizer.kind() != TokenizerSpec.Kind.BYTE_LEVEL_BPE) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "cannot convert a tokenizer of kind '%s' to GGUF; supported: byte-level BPE"
                            .formatted(tokenizer.kind().label()));
        }
        String name = NAMES.get(tokenizer.preTokenizer());
        if (name == null) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "cannot convert this tokenizer to GGUF: its splitting rules %s are none of %s"
                            .formatted(
                                    tokenizer.preTokenizer(),
                                    NAMES.values().stream().sorted().toList()));
        }
        return name;
    }
}
