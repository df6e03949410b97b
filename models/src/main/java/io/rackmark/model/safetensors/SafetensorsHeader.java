package io.rackmark.model.safetensors;

import io.rackmark.model.ModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header, read token by token: a tree of a hostile 100 MB header would not fit in memory.
 */
final class SafetensorsHeader {
    /** The reference implementation's own limit. */
    static final long MAX_BYTES = 100_000_000;

    private static final int MAX_TENSORS = 1 << 18;
    private static final int MAX_RANK = 16;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(8)
                                    .maxNameLength(4096)
                                    .maxStringLength(1 << 20)
                                    .maxNumberLength(32)
                                    .build())
                    .build();

    private final Path file;
    private final byte[] json;
    private long offset = 8;

    SafetensorsHeader(Path file, byte[] json) {
        this.file = file;
        this.json = json;
    }

    /**
     * One {@code TensorInfo}.
     *
     * @param begin first byte, from the start of the data section
     * @param end byte after the last
     */
    record Entry(String name, SafetensorsDtype dtype, List<Long> shape, long begin, long end) {}

    List<Entry> parse() {
        try (JsonParser parser =
                JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), json)) {
            List<Entry> entries = entries(parser);
            if (parser.nextToken() != null) {
                throw damaged("the end of the header", String.valueOf(parser.currentToken()));
            }
            return entries;
        } catch (JacksonException e) {
            throw ModelException.damaged(file, offset, "a JSON header", e.getOriginalMessage());
        }
    }

    private List<Entry> entries(JsonParser parser) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        next(parser, "an object", JsonToken.START_OBJECT);
        while (next(parser, "a tensor name", JsonToken.PROPERTY_NAME, JsonToken.END_OBJECT)
                == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!names.add(name)) {
                throw damaged("a tensor name once", "'" + name + "' again");
            }
            if (name.equals("__metadata__")) {
                skipMetadata(parser);
            } else {
                entries.add(entry(parser, name));
            }
            if (entries.size() > MAX_TENSORS) {
                throw damaged("at most " + MAX_TENSORS + " tensors", "more");
            }
        }
        return entries;
    }

    /** {@code __metadata__} is a map from string to string; nothing in it concerns us. */
    private void skipMetadata(JsonParser parser) {
        next(parser, "a metadata object", JsonToken.START_OBJECT);
        while (next(parser, "a metadata key", JsonToken.PROPERTY_NAME, JsonToken.END_OBJECT)
                == JsonToken.PROPERTY_NAME) {
            next(parser, "a metadata string", JsonToken.VALUE_STRING);
        }
    }

    private Entry entry(JsonParser parser, String name) {
        SafetensorsDtype dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        next(parser, "an object for " + name, JsonToken.START_OBJECT);
        while (next(parser, "a field", JsonToken.PROPERTY_NAME, JsonToken.END_OBJECT)
                == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            switch (field) {
                case "dtype" -> dtype = dtype(parser, name);
                case "shape" -> shape = numbers(parser, name + ".shape");
                case "data_offsets" -> offsets = numbers(parser, name + ".data_offsets");
                default -> throw damaged("dtype, shape or data_offsets", "'" + field + "'");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw damaged("dtype, shape and two data_offsets for " + name, "fewer or more");
        }
        checkLength(name, dtype, shape, offsets);
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private SafetensorsDtype dtype(JsonParser parser, String name) {
        next(parser, "the dtype of " + name, JsonToken.VALUE_STRING);
        String text = parser.getString();
        return SafetensorsDtype.named(text)
                .orElseThrow(() -> damaged("a known dtype for " + name, "'" + text + "'"));
    }

    private List<Long> numbers(JsonParser parser, String what) {
        List<Long> numbers = new ArrayList<>();
        next(parser, "an array for " + what, JsonToken.START_ARRAY);
        while (next(
                        parser,
                        "a whole number in " + what,
                        JsonToken.VALUE_NUMBER_INT,
                        JsonToken.END_ARRAY)
                == JsonToken.VALUE_NUMBER_INT) {
            long number = parser.getLongValue();
            if (number < 0 || numbers.size() == MAX_RANK) {
                throw damaged(
                        "at most " + MAX_RANK + " numbers of at least 0 in " + what,
                        Long.toString(number));
            }
            numbers.add(number);
        }
        return numbers;
    }

    private void checkLength(
            String name, SafetensorsDtype dtype, List<Long> shape, List<Long> offsets) {
        long bytes;
        try {
            bytes = dtype.bytes();
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw damaged("a shape below 2^63 bytes for " + name, shape.toString());
        }
        long length = offsets.get(1) - offsets.get(0);
        if (length != bytes) {
            throw damaged(
                    "%d bytes for %s (%s %s)".formatted(bytes, name, dtype, shape),
                    "data_offsets " + offsets);
        }
    }

    /** The data section must be covered without hole or overlap. */
    static void checkCoverage(Path file, List<Entry> entries, long dataBytes) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long position = 0;
        for (Entry entry : sorted) {
            if (entry.begin() != position) {
                throw ModelException.damaged(
                        file,
                        8,
                        "%s to begin at data byte %d (no hole, no overlap)"
                                .formatted(entry.name(), position),
                        Long.toString(entry.begin()));
            }
            position = entry.end();
        }
        if (position != dataBytes) {
            throw ModelException.damaged(
                    file, 8, position + " bytes of tensor data", dataBytes + " bytes");
        }
    }

    private JsonToken next(JsonParser parser, String expected, JsonToken... allowed) {
        JsonToken token = parser.nextToken();
        offset = 8 + Math.max(0, parser.currentTokenLocation().getByteOffset());
        for (JsonToken one : allowed) {
            if (token == one) {
                return token;
            }
        }
        throw damaged(expected, String.valueOf(token));
    }

    private ModelException damaged(String expected, String found) {
        return ModelException.damaged(file, offset, expected, found);
    }
}
