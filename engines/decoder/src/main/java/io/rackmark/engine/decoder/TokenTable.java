package io.rackmark.engine.decoder;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each token id adds to a text: the vocabulary of a {@code tokenizer.json} put through its own
 * decoder. Immutable.
 */
final class TokenTable {
    private static final int MAX_TOKENS = 4_000_000;
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final byte[][] bytes; // [vocabulary][]
    private final BitSet rawBytes;
    private final Map<String, Integer> added;
    private final Map<Integer, String> special;
    private final TextDecoder decoder;
    private final int trained;

    private TokenTable(
            byte[][] bytes,
            BitSet rawBytes,
            Map<String, Integer> added,
            Map<Integer, String> special,
            TextDecoder decoder,
            int trained) {
        this.bytes = bytes;
        this.rawBytes = rawBytes;
        this.added = added;
        this.special = special;
        this.trained = trained;
        this.decoder = decoder;
    }

    static TokenTable read(Path tokenizerJson) {
        Parts parts = new Parts();
        try (JsonParser parser = JSON.createParser(TokenizerConfig.text(tokenizerJson))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                parts.field(name, parser);
            }
        } catch (JacksonException e) {
            throw TokenizerConfig.bad(tokenizerJson, "is damaged: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw TokenizerConfig.bad(tokenizerJson, String.valueOf(e.getMessage()), e);
        }
        if (parts.tokens.isEmpty() || parts.decoder == null) {
            throw TokenizerConfig.bad(tokenizerJson, "has no vocabulary or no decoder", null);
        }
        return parts.table(parts.decoder);
    }

    /** The bytes a token adds; none for special and unknown tokens. */
    byte[] bytes(int token) {
        return token < bytes.length ? bytes[token] : new byte[0];
    }

    /** The bytes a token adds, or a special one's name; none when it has neither. */
    byte[] spelling(int token) {
        String name = special.get(token);
        return name == null ? bytes(token) : name.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the token is one byte of a character spelt in bytes, as in {@code <0xE2>}. */
    boolean isRawByte(int token) {
        return rawBytes.get(token);
    }

    TextDecoder decoder() {
        return decoder;
    }

    /** Ids of the vocabulary that the tokenizer was trained to, without tokens added later. */
    int trained() {
        return trained;
    }

    /** The id of an added token; -1 when there is none of this name. */
    int id(String token) {
        return added.getOrDefault(token, -1);
    }

    /** The fields of the file, as they come. */
    private static final class Parts {
        private final List<@Nullable String> tokens = new ArrayList<>();
        private final Map<String, Integer> added = new HashMap<>();
        private final Map<Integer, String> special = new HashMap<>();
        private @Nullable TextDecoder decoder;
        private int trained;

        private void field(String name, JsonParser parser) {
            switch (name) {
                case "added_tokens" -> addedTokens(JSON.readTree(parser));
                case "decoder" -> decoder = TextDecoder.of(JSON.readTree(parser));
                case "model" -> model(parser);
                default -> parser.skipChildren();
            }
        }

        private void addedTokens(JsonNode list) {
            for (JsonNode token : list) {
                int id = token.path("id").asInt(-1);
                String content = token.path("content").asString("");
                put(id, content);
                added.put(content, id);
                if (token.path("special").asBoolean(false)) {
                    special.put(id, content);
                }
            }
        }

        private void model(JsonParser parser) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean vocabulary = parser.currentName().equals("vocab");
                JsonToken start = parser.nextToken();
                if (!vocabulary) {
                    parser.skipChildren();
                } else if (start == JsonToken.START_OBJECT) {
                    byName(parser);
                } else {
                    byPosition(JSON.readTree(parser));
                }
            }
        }

        /** BPE: {@code {"token": id}}. */
        private void byName(JsonParser parser) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String token = parser.currentName();
                parser.nextToken();
                put(parser.getIntValue(), token);
                trained = Math.max(trained, parser.getIntValue() + 1);
            }
        }

        /** Unigram: {@code [["token", score]]}. */
        private void byPosition(JsonNode list) {
            int id = 0;
            for (JsonNode entry : list) {
                put(id++, entry.path(0).asString(""));
            }
            trained = id;
        }

        private void put(int id, String token) {
            if (id < 0 || id >= MAX_TOKENS) {
                throw new IllegalArgumentException(
                        "has token id %d outside 0 to %d".formatted(id, MAX_TOKENS - 1));
            }
            while (tokens.size() <= id) {
                tokens.add(null);
            }
            tokens.set(id, token);
        }

        private TokenTable table(TextDecoder by) {
            byte[][] bytes = new byte[tokens.size()][];
            BitSet raw = new BitSet();
            for (int id = 0; id < bytes.length; id++) {
                String token = tokens.get(id);
                if (token == null || special.containsKey(id)) {
                    bytes[id] = new byte[0];
                } else if (by.isRawByte(token)) {
                    bytes[id] = new byte[] {(byte) Integer.parseInt(token, 3, 5, 16)};
                    raw.set(id);
                } else {
                    bytes[id] = by.bytes(token);
                }
            }
            return new TokenTable(bytes, raw, added, special, by, trained);
        }
    }
}
