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

    /**
     * Rules, and whether whole words are looked up before merging; llama.cpp ties both to a name.
     */
    private record Rules(List<String> steps, boolean ignoreMerges) {}

    private static final Map<Rules, String> NAMES =
            Map.of(
                    new Rules(List.of("bytelevel+regex"), false),
                    "gpt-2",
                    new Rules(List.of("digits individual", "bytelevel+regex"), false),
                    "smollm",
                    new Rules(List.of(WORDS.formatted("\\p{N}{1,3}"), "bytelevel"), true),
                    "llama-bpe",
                    new Rules(List.of(WORDS.formatted("\\p{N}{1,3}"), "bytelevel"), false),
                    "dbrx",
                    new Rules(List.of(WORDS.formatted("\\p{N}"), "bytelevel"), false),
                    "qwen2");

    private PreTokenizers() {}

    /** The name for a byte-level BPE tokenizer. */
    static String name(TokenizerSpec tokenizer) {
        String name = NAMES.get(new Rules(tokenizer.preTokenizer(), tokenizer.ignoreMerges()));
        if (name == null) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "cannot convert this tokenizer to GGUF: its splitting rules %s%s are none of %s"
                            .formatted(
                                    tokenizer.preTokenizer(),
                                    tokenizer.ignoreMerges() ? " with ignore_merges" : "",
                                    NAMES.values().stream().sorted().toList()));
        }
        return name;
    }
}
