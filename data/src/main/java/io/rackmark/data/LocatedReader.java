package io.rackmark.data;

import io.rackmark.data.DataException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads JSON or YAML text into {@link LocatedNode}s. */
final class LocatedReader {
    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final ObjectMapper YAML = YAMLMapper.shared();

    private final JsonParser parser;
    private final String source;

    private LocatedReader(JsonParser parser, String source) {
        this.parser = parser;
        this.source = source;
    }

    /**
     * Reads one document.
     *
     * @param source what to call the text in messages; JSON when it ends in {@code .json}
     * @throws DataException when the text is no JSON or YAML
     */
    static LocatedNode read(String text, String source) {
        ObjectMapper mapper = source.endsWith(".json") ? JSON : YAML;
        try (JsonParser parser = mapper.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new DataException(
                        Kind.INVALID, source + " is empty; see the documented format.");
            }
            LocatedReader reader = new LocatedReader(parser, source);
            LocatedNode node = reader.readNode();
            if (parser.nextToken() != null) {
                throw new DataException(
                        Kind.INVALID, reader.at() + " there is a second document; keep one.");
            }
            return node;
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String format = mapper == JSON ? "JSON" : "YAML";
            throw new DataException(
                    Kind.UNREADABLE,
                    source
                            + ":"
                            + line
                            + ": this is not valid "
                            + format
                            + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private LocatedNode readNode() {
        int line = line();
        return switch (parser.currentToken()) {
            case START_OBJECT -> readMapping(line);
            case START_ARRAY -> readSequence(line);
            case VALUE_NUMBER_INT -> new LocatedNode.Scalar(line, parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> new LocatedNode.Scalar(line, parser.getDoubleValue());
            case VALUE_TRUE -> new LocatedNode.Scalar(line, true);
            case VALUE_FALSE -> new LocatedNode.Scalar(line, false);
            case VALUE_NULL -> new LocatedNode.Scalar(line, null);
            case null, default -> new LocatedNode.Scalar(line, parser.getString());
        };
    }

    private LocatedNode readMapping(int line) {
        List<LocatedNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            if (!keys.add(key)) {
                throw new DataException(
                        Kind.INVALID, at() + " the key '" + key + "' is given twice; keep one.");
            }
            parser.nextToken();
            entries.add(new LocatedNode.Entry(keyLine, key, readNode()));
        }
        return new LocatedNode.Mapping(line, entries);
    }

    private LocatedNode readSequence(int line) {
        List<LocatedNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(readNode());
        }
        return new LocatedNode.Sequence(line, items);
    }

    private String at() {
        return source + ":" + line() + ":";
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
