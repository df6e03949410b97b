package io.rackmark.model.convert;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.TokenizerSpec;
import io.rackmark.model.TokenizerSpec.Role;
import io.rackmark.model.TokenizerSpec.Token;
import io.rackmark.model.gguf.GgufValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The {@code tokenizer.*} keys: vocabulary, merges or scores, special tokens, chat template. */
final class GgufVocabulary {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final Pattern BYTE_TOKEN = Pattern.compile("<0x[0-9A-F]{2}>");

    /** Below every merged token: llama.cpp joins the pair of the highest score. */
    private static final double NEVER_MERGED = -1e6;

    private final Checkpoint checkpoint;
    private final TokenizerSpec tokenizer;
    private final Map<String, GgufValue> keys = new LinkedHashMap<>();

    private GgufVocabulary(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.tokenizer = checkpoint.tokenizer();
    }

    static Map<String, GgufValue> of(Checkpoint checkpoint) {
        GgufVocabulary vocabulary = new GgufVocabulary(checkpoint);
        vocabulary.tokens();
        vocabulary.specialTokens();
        return vocabulary.keys;
    }

    /**
     * Fails when llama.cpp cannot tokenise as this checkpoint does.
     *
     * @throws ModelException naming what is in the way
     */
    static void check(Checkpoint checkpoint) {
        TokenizerSpec tokenizer = checkpoint.tokenizer();
        int rows = checkpoint.config().vocabulary();
        if (tokenizer.tokens().size() > rows) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s: the tokenizer has %d tokens, but vocab_size in config.json is %d"
                            .formatted(checkpoint.directory(), tokenizer.tokens().size(), rows));
        }
        switch (tokenizer.kind()) {
            case BYTE_LEVEL_BPE -> PreTokenizers.name(tokenizer);
            case SENTENCEPIECE_BPE -> requireByteTokens(checkpoint);
            case OTHER ->
                    throw new ModelException(
                            Kind.UNSUPPORTED,
                            "cannot convert the tokenizer of %s to GGUF; supported: byte-level BPE, SentencePiece-style BPE with byte fallback"
                                    .formatted(checkpoint.directory()));
        }
    }

    /** llama.cpp ends the process when it needs one that is not there. */
    private static void requireByteTokens(Checkpoint checkpoint) {
        Set<String> texts = new HashSet<>();
        checkpoint.tokenizer().tokens().forEach(token -> texts.add(token.text()));
        for (int value = 0; value < 256; value++) {
            String text = "<0x%02X>".formatted(value);
            if (!texts.contains(text)) {
                throw new ModelException(
                        Kind.DAMAGED,
                        "%s: tokenizer.json falls back to bytes but has no token %s"
                                .formatted(checkpoint.directory(), text));
            }
        }
    }

    private void tokens() {
        List<String> texts = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int id = 0; id < checkpoint.config().vocabulary(); id++) {
            // The embedding matrix may have more rows than the tokenizer has tokens.
            Token token =
                    id < tokenizer.tokens().size()
                            ? tokenizer.tokens().get(id)
                            : new Token("[PAD" + id + "]", Role.UNUSED);
            texts.add(token.text());
            types.add(type(id, token));
        }
        if (sentencePiece()) {
            keys.put(PREFIX + "model", GgufValue.text("llama"));
            keys.put(PREFIX + "pre", GgufValue.text("default"));
            keys.put(PREFIX + "tokens", GgufValue.texts(texts));
            keys.put(PREFIX + "scores", GgufValue.float32s(scores(texts)));
            keys.put(PREFIX + "add_space_prefix", GgufValue.bool(tokenizer.spacePrefix()));
        } else {
            keys.put(PREFIX + "model", GgufValue.text("gpt2"));
            keys.put(PREFIX + "pre", GgufValue.text(PreTokenizers.name(tokenizer)));
            keys.put(PREFIX + "tokens", GgufValue.texts(texts));
            keys.put(PREFIX + "merges", GgufValue.texts(tokenizer.merges()));
        }
        keys.put(PREFIX + "token_type", GgufValue.int32s(types));
    }

    private boolean sentencePiece() {
        return tokenizer.kind() == TokenizerSpec.Kind.SENTENCEPIECE_BPE;
    }

    /**
     * Merges have an order, SentencePiece pieces a score; a merge of a lower rank gives a piece of
     * a higher score. This is how the merges were made from scores in the first place.
     */
    private List<Double> scores(List<String> texts) {
        Map<String, Integer> ranks = new HashMap<>();
        for (String merge : tokenizer.merges()) {
            int space = merge.indexOf(' ', 1);
            ranks.putIfAbsent(merge.substring(0, space) + merge.substring(space + 1), ranks.size());
        }
        return texts.stream()
                .map(text -> ranks.containsKey(text) ? 0.0 - ranks.get(text) : NEVER_MERGED)
                .toList();
    }

    private void specialTokens() {
        ModelConfig config = checkpoint.config();
        putId("bos", tokenizer.bosId().isPresent() ? tokenizer.bosId() : config.bosId());
        putId("eos", tokenizer.eosId().isPresent() ? tokenizer.eosId() : firstEos(config));
        putId("padding", tokenizer.padId().isPresent() ? tokenizer.padId() : config.padId());
        putId("unknown", tokenizer.unkId());
        keys.put(PREFIX + "add_bos_token", GgufValue.bool(tokenizer.addBos()));
        keys.put(PREFIX + "add_eos_token", GgufValue.bool(tokenizer.addEos()));
        checkpoint
                .chatTemplate()
                .ifPresent(text -> keys.put("tokenizer.chat_template", GgufValue.text(text)));
    }

    private static OptionalInt firstEos(ModelConfig config) {
        return config.eosIds().stream().mapToInt(Integer::intValue).findFirst();
    }

    private void putId(String role, OptionalInt id) {
        if (id.isPresent()) {
            keys.put(PREFIX + role + "_token_id", GgufValue.uint32(id.getAsInt()));
        }
    }

    /** {@code llama_token_type}. */
    private int type(int id, Token token) {
        if (sentencePiece() && tokenizer.unkId().equals(OptionalInt.of(id))) {
            return 2;
        }
        if (sentencePiece() && BYTE_TOKEN.matcher(token.text()).matches()) {
            return 6;
        }
        return switch (token.role()) {
            case NORMAL -> 1;
            case SPECIAL -> 3;
            case ADDED -> 4;
            case UNUSED -> 5;
        };
    }
}
