package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the answer of {@code GET /api/models/ORG/NAME/revision/REV?blobs=true} ({@code ModelInfo}
 * of the hub's API: {@code sha}, {@code gated}, {@code cardData.license}, {@code tags}, {@code
 * siblings[].rfilename|size|blobId|lfs}). All of it is untrusted.
 */
final class ListingReader {
    /** Largest answer read. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_FILES = 20_000;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_LICENCE = 64;
    private static final String LICENCE_TAG = "license:";
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxDocumentLength(MAX_BYTES)
                                                    .build())
                                    .build())
                    .build();

    private final ModelId id;

    private ListingReader(ModelId id) {
        this.id = id;
    }

    /**
     * @throws ModelException when the answer is not what the API promises, or names files that are
     *     refused
     */
    static HubListing read(ModelId id, byte[] json) {
        return new ListingReader(id).read(json);
    }

    private HubListing read(byte[] json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw unusable("it is not valid JSON");
        }
        JsonNode siblings = root.path("siblings");
        if (!siblings.isArray()) {
            throw unusable("it has no list 'siblings'");
        }
        if (siblings.size() > MAX_FILES) {
            throw unusable("it lists more than %d files".formatted(MAX_FILES));
        }
        String commit = root.path("sha").asString("");
        if (!commit.isEmpty() && !ModelId.isCommit(commit)) {
            throw unusable("its 'sha' is no commit");
        }
        List<HubFile> files = new ArrayList<>();
        for (JsonNode sibling : siblings.values()) {
            files.add(file(sibling, commit));
        }
        return new HubListing(commit, licence(root), gated(root.path("gated")), files);
    }

    private HubFile file(JsonNode sibling, String commit) {
        JsonNode name = sibling.path("rfilename");
        if (!name.isString()) {
            throw unusable("a file has no 'rfilename'");
        }
        JsonNode lfs = sibling.path("lfs");
        JsonNode size = lfs.path("size").isNumber() ? lfs.path("size") : sibling.path("size");
        try {
            return HubFile.of(
                    name.asString(),
                    size(size),
                    text(lfs.path("sha256")),
                    lfs.isObject() ? Optional.empty() : text(sibling.path("blobId")),
                    commit);
        } catch (IllegalArgumentException e) {
            throw unusable("a file has " + e.getMessage());
        }
    }

    private OptionalLong size(JsonNode size) {
        if (size.isMissingNode() || size.isNull()) {
            return OptionalLong.empty();
        }
        if (!size.isIntegralNumber() || !size.canConvertToLong()) {
            throw unusable("a file's size is no whole number");
        }
        return OptionalLong.of(size.asLong());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }

    /** {@code false}, {@code "auto"} or {@code "manual"}. */
    private static boolean gated(JsonNode gated) {
        return gated.isString() || (gated.isBoolean() && gated.asBoolean());
    }

    private static Optional<String> licence(JsonNode root) {
        JsonNode card = root.path("cardData");
        // "other" is explained by license_name.
        Optional<String> stated =
                text(card.path("license_name"))
                        .or(() -> text(card.path("license")))
                        .or(() -> tag(root.path("tags")));
        return stated.map(text -> text.replaceAll("\\p{C}", " ").strip())
                .filter(text -> !text.isEmpty())
                .map(text -> text.substring(0, Math.min(text.length(), MAX_LICENCE)));
    }

    private static Optional<String> tag(JsonNode tags) {
        for (JsonNode tag : tags.values()) {
            if (tag.isString() && tag.asString().startsWith(LICENCE_TAG)) {
                return Optional.of(tag.asString().substring(LICENCE_TAG.length()));
            }
        }
        return Optional.empty();
    }

    private ModelException unusable(String reason) {
        return new ModelException(
                Kind.DAMAGED,
                "the hub's file list of %s is not usable: %s; is the address that of a model hub?"
                        .formatted(id, reason));
    }
}
