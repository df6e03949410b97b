package io.rackmark.engine.decoder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The {@code decoder} of a {@code tokenizer.json}, as far as it acts on one token at a time.
 *
 * @param byteLevel tokens are spelt in GPT-2's alphabet of 256 characters, one per byte
 * @param byteFallback tokens of the form {@code <0xE2>} are bytes
 * @param replacements applied in order to every other token
 * @param strip how many leading spaces the whole text loses
 */
record TextDecoder(
        boolean byteLevel, boolean byteFallback, List<Replacement> replacements, int strip) {
    private static final Pattern RAW_BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

    record Replacement(String from, String to) {}

    TextDecoder {
        replacements = List.copyOf(replacements);
    }

    /**
     * @throws IllegalArgumentException for a decoder of another kind
     */
    static TextDecoder of(JsonNode node) {
        List<JsonNode> steps = new ArrayList<>();
        if (node.path("type").asString("").equals("Sequence")) {
            node.path("decoders").forEach(steps::add);
        } else {
            steps.add(node);
        }
        TextDecoder decoder = new TextDecoder(false, false, List.of(), 0);
        for (JsonNode step : steps) {
            decoder = decoder.with(step);
        }
        return decoder;
    }

    private TextDecoder with(JsonNode step) {
        String type = step.path("type").asString("");
        return switch (type) {
            case "ByteLevel" -> new TextDecoder(true, byteFallback, replacements, strip);
            case "ByteFallback" -> new TextDecoder(byteLevel, true, replacements, strip);
            case "Fuse" -> this;
            case "Replace" ->
                    plus(
                            new Replacement(
                                    step.path("pattern").path("String").asString(""),
                                    step.path("content").asString("")),
                            0);
            case "Metaspace" ->
                    plus(
                            new Replacement(step.path("replacement").asString("\u2581"), " "),
                            step.path("prepend_scheme").asString("always").equals("never") ? 0 : 1);
            case "Strip" -> stripping(step);
            default ->
                    throw new IllegalArgumentException(
                            ("has a decoder step of type '%s'; known: ByteLevel, ByteFallback,"
                                            + " Fuse, Metaspace, Replace, Sequence, Strip")
                                    .formatted(type));
        };
    }

    private TextDecoder plus(Replacement replacement, int stripped) {
        if (replacement.from().isEmpty()) {
            throw new IllegalArgumentException("has a decoder step Replace without a string");
        }
        List<Replacement> all = new ArrayList<>(replacements);
        all.add(replacement);
        return new TextDecoder(byteLevel, byteFallback, all, strip + stripped);
    }

    private TextDecoder stripping(JsonNode step) {
        if (!step.path("content").asString("").equals(" ") || step.path("stop").asInt(0) != 0) {
            throw new IllegalArgumentException(
                    "has a decoder step Strip that is not of leading spaces");
        }
        return new TextDecoder(
                byteLevel, byteFallback, replacements, strip + step.path("start").asInt(0));
    }

    boolean isRawByte(String token) {
        return byteFallback && RAW_BYTE.matcher(token).matches();
    }

    byte[] bytes(String token) {
        String text = token;
        for (Replacement replacement : replacements) {
            text = text.replace(replacement.from(), replacement.to());
        }
        return byteLevel ? spelt(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    /** A token with a character outside the alphabet, such as an added one, stands for itself. */
    private static byte[] spelt(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = ByteAlphabet.value(token.charAt(i));
            if (value < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
