package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.TokenizerSpec.Role;
import io.rackmark.model.TokenizerSpec.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads {@code tokenizer.json} and {@code tokenizer_config.json}.
 *
 * <p>Pre-tokenizer steps are worded canonically, so that equal behaviour reads equal: {@code split
 * <behaviour> <regex>}, {@code digits individual}, {@code digits runs}, {@code bytelevel} with
 * {@code +regex} and {@code +prefix-space} when they apply, and {@code other <type>}.
 */
final class TokenizerReader {
    private static final long MAX_TOKENIZER_BYTES = 64 << 20;
    private static final long MAX_CONFIG_BYTES = 16 << 20;
    private static final int MAX_TOKENS = 1 << 21;

    private final Path file;
    private final JsonNode root;
    private final JsonNode config;
    private final Map<Integer, Token> byId = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();

    private TokenizerReader(Path directory) {
        file = directory.resolve("tokenizer.json");
        root = JsonFile.read(file, MAX_TOKENIZER_BYTES);
        config = config(directory).orElse(MissingNode.getInstance());
    }

    static Optional<JsonNode> config(Path directory) {
        return JsonFile.readIfPresent(directory.resolve("tokenizer_config.json"), MAX_CONFIG_BYTES);
    }

    static TokenizerSpec read(Path directory) {
        return new TokenizerReader(directory).read();
    }

    private TokenizerSpec read() {
        JsonNode model = root.path("model");
        if (model.path("vocab").isObject()) {
            for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
                add(entry.getKey(), entry.getValue(), Role.NORMAL);
            }
        }
        for (JsonNode added : root.path("added_tokens").values()) {
            add(
                    added.path("content").asString(""),
                    added.path("id"),
                    added.path("special").asBoolean(false) ? Role.SPECIAL : Role.ADDED);
        }
        List<String> steps = new ArrayList<>();
        preTokenizer(root.path("pre_tokenizer"), steps);
        return new TokenizerSpec(
                kind(model, steps),
                tokens(),
                merges(model.path("merges")),
                steps,
                special("bos_token"),
                special("eos_token"),
                special("pad_token"),
                special("unk_token"),
                model.path("ignore_merges").asBoolean(false),
                prefixesSpace(),
                addsBefore(),
                config.path("add_eos_token").asBoolean(false));
    }

    private void add(String text, JsonNode id, Role role) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() >= MAX_TOKENS) {
            throw wrong("the id of token '" + text + "'", "0 to " + (MAX_TOKENS - 1), id);
        }
        Token before = byId.put(id.asInt(), new Token(text, role));
        if (before != null && !before.text().equals(text)) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s: id %d belongs to both '%s' and '%s'"
                            .formatted(file, id.asInt(), before.text(), text));
        }
        ids.put(text, id.asInt());
    }

    private List<Token> tokens() {
        int size = byId.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
        List<Token> tokens = new ArrayList<>(size);
        for (int id = 0; id < size; id++) {
            Token token = byId.get(id);
            tokens.add(token == null ? new Token("[PAD" + id + "]", Role.UNUSED) : token);
        }
        return tokens;
    }

    /** Either {@code "a b"} or, in newer files, {@code ["a", "b"]}. */
    private List<String> merges(JsonNode node) {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : node.values()) {
            if (merge.isString()) {
                merges.add(merge.asString());
            } else if (merge.size() == 2 && merge.path(0).isString() && merge.path(1).isString()) {
                merges.add(merge.path(0).asString() + " " + merge.path(1).asString());
            } else {
                throw wrong("a merge", "a pair of strings", merge);
            }
        }
        return merges;
    }

    private static TokenizerSpec.Kind kind(JsonNode model, List<String> steps) {
        // The oldest files leave the type out; merges mean BPE.
        if (!model.path("type").asString("BPE").equals("BPE") || !model.has("merges")) {
            return TokenizerSpec.Kind.OTHER;
        }
        if (steps.stream().anyMatch(step -> step.startsWith("bytelevel"))) {
            return TokenizerSpec.Kind.BYTE_LEVEL_BPE;
        }
        return model.path("byte_fallback").asBoolean(false)
                ? TokenizerSpec.Kind.SENTENCEPIECE_BPE
                : TokenizerSpec.Kind.OTHER;
    }

    private static void preTokenizer(JsonNode node, List<String> steps) {
        String type = node.path("type").asString("none");
        switch (type) {
            case "none" -> {}
            case "Sequence" -> {
                for (JsonNode step : node.path("pretokenizers").values()) {
                    preTokenizer(step, steps);
                }
            }
            case "Split" ->
                    steps.add(
                            "split %s%s %s"
                                    .formatted(
                                            node.path("behavior").asString("?"),
                                            node.path("invert").asBoolean(false) ? " inverted" : "",
                                            node.path("pattern").path("Regex").asString("?")));
            case "Digits" ->
                    steps.add(
                            node.path("individual_digits").asBoolean(false)
                                    ? "digits individual"
                                    : "digits runs");
            case "ByteLevel" ->
                    steps.add(
                            "bytelevel"
                                    + (node.path("use_regex").asBoolean(true) ? "+regex" : "")
                                    + (node.path("add_prefix_space").asBoolean(true)
                                            ? "+prefix-space"
                                            : ""));
            default -> steps.add("other " + type);
        }
    }

    /**
     * Older files prepend by the normaliser, newer ones by a Metaspace pre-tokenizer. Its scheme
     * {@code first} leaves out texts after a special token, which no other form can express.
     */
    private boolean prefixesSpace() {
        JsonNode normalizer = root.path("normalizer");
        JsonNode split = root.path("pre_tokenizer");
        return normalizer.path("type").asString("").equals("Prepend")
                || normalizer.path("normalizers").values().stream()
                        .anyMatch(step -> step.path("type").asString("").equals("Prepend"))
                || (split.path("type").asString("").equals("Metaspace")
                        && !split.path("prepend_scheme").asString("always").equals("never")
                        && split.path("add_prefix_space").asBoolean(true));
    }

    /** Some tokenizers add the bos token by a template only, others say so in the configuration. */
    private boolean addsBefore() {
        if (config.path("add_bos_token").isBoolean()) {
            return config.path("add_bos_token").asBoolean();
        }
        JsonNode processor = root.path("post_processor");
        if (processor.path("type").asString("").equals("TemplateProcessing")) {
            return startsWithSpecial(processor);
        }
        for (JsonNode one : processor.path("processors").values()) {
            if (one.path("type").asString("").equals("TemplateProcessing")) {
                return startsWithSpecial(one);
            }
        }
        return false;
    }

    private static boolean startsWithSpecial(JsonNode template) {
        return template.path("single").path(0).has("SpecialToken");
    }

    private OptionalInt special(String key) {
        JsonNode node = config.path(key);
        String text = node.isObject() ? node.path("content").asString("") : node.asString("");
        Integer id = ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private ModelException wrong(String what, String expected, JsonNode found) {
        return new ModelException(
                Kind.DAMAGED, "%s: %s must be %s, found %s".formatted(file, what, expected, found));
    }
}
