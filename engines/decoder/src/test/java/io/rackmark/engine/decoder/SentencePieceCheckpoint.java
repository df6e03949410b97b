package io.rackmark.engine.decoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A tokenizer of the Llama 2 kind: SentencePiece BPE with byte fallback and a prefix space. */
final class SentencePieceCheckpoint {
    private static final List<String> WORDS =
            List.of("\u2581", "S", "E", "L", "C", "T", "a", "0", "'", "\u2581a", "SE", "ß", "日");
    static final int VOCABULARY = 3 + 256 + WORDS.size();

    private SentencePieceCheckpoint() {}

    static Path write(Path directory) throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (String special : List.of("<unk>", "<s>", "</s>")) {
            vocabulary.put(special, vocabulary.size());
        }
        for (int b = 0; b < 256; b++) {
            vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
        }
        WORDS.forEach(word -> vocabulary.put(word, vocabulary.size()));
        String json =
                """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                  {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false,
                   "rstrip": false, "normalized": false, "special": true},
                  {"id": 1, "content": "<s>", "single_word": false, "lstrip": false,
                   "rstrip": false, "normalized": false, "special": true},
                  {"id": 2, "content": "</s>", "single_word": false, "lstrip": false,
                   "rstrip": false, "normalized": false, "special": true}],
                 "normalizer": {"type": "Sequence", "normalizers": [
                  {"type": "Prepend", "prepend": "\u2581"},
                  {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
                 "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [
                  {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                  {"type": "ByteFallback"}, {"type": "Fuse"},
                  {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
                  "continuing_subword_prefix": null, "end_of_word_suffix": null,
                  "fuse_unk": true, "byte_fallback": true, "vocab": %s,
                  "merges": [["\u2581", "a"], ["S", "E"]]}}
                """
                        .formatted(new JsonMapper().writeValueAsString(vocabulary));
        Files.writeString(directory.resolve("tokenizer.json"), json);
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                """
                {"add_bos_token": true, "bos_token": {"content": "<s>"}, "eos_token": "</s>"}
                """);
        return directory;
    }
}
