package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Which files of a repository make a checkpoint; the rest stays where it is. */
final class FileSelection {
    private static final Set<String> NEEDED =
            Set.of(
                    "config.json",
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "tokenizer.model",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "merges.txt",
                    "chat_template.jinja",
                    "chat_template.json",
                    "model.safetensors.index.json");

    /** Not {@code consolidated.safetensors}: the same weights again under other names. */
    private static final Pattern WEIGHTS =
            Pattern.compile("model(-[0-9]+-of-[0-9]+)?\\.safetensors");

    private static final Pattern LICENCE =
            Pattern.compile("(licen[cs]e|notice|use_policy|copying)([._-].*)?");

    private FileSelection() {}

    /**
     * @param includes patterns of further files, as in {@code *.gguf}
     * @throws ModelException when a pattern fits nothing, there are no weights to fetch, or a
     *     chosen name is refused
     */
    static List<HubFile> of(ModelId id, HubListing listing, List<String> includes) {
        List<PathMatcher> matchers = new ArrayList<>();
        for (String include : includes) {
            matchers.add(matcher(id, listing, include));
        }
        List<HubFile> chosen =
                listing.files().stream()
                        .filter(
                                file ->
                                        needed(file.path())
                                                || matchers.stream().anyMatch(m -> fits(m, file)))
                        .toList();
        if (chosen.stream().noneMatch(FileSelection::weights)) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "%s has no safetensors weights; name other files with --include, it holds: %s"
                            .formatted(id, some(listing)));
        }
        FileNames.checkTogether(chosen.stream().map(HubFile::path).toList());
        return chosen;
    }

    /** Whether the file holds weights in a form that can be read. */
    static boolean weights(HubFile file) {
        return WEIGHTS.matcher(file.path()).matches() || file.path().endsWith(".gguf");
    }

    private static boolean needed(String path) {
        return NEEDED.contains(path)
                || WEIGHTS.matcher(path).matches()
                || LICENCE.matcher(path.toLowerCase(Locale.ROOT)).matches();
    }

    private static PathMatcher matcher(ModelId id, HubListing listing, String include) {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + include);
        } catch (PatternSyntaxException e) {
            throw new ModelException(
                    Kind.UNSUPPORTED,
                    "--include '%s' is no pattern: %s".formatted(include, e.getDescription()),
                    e);
        }
        if (listing.files().stream().noneMatch(file -> fits(matcher, file))) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "no file of %s fits --include '%s'; it holds: %s"
                            .formatted(id, include, some(listing)));
        }
        return matcher;
    }

    private static boolean fits(PathMatcher matcher, HubFile file) {
        try {
            return matcher.matches(Path.of(file.path()));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String some(HubListing listing) {
        String shown =
                listing.files().stream()
                        .map(HubFile::path)
                        .limit(12)
                        .collect(Collectors.joining(", "));
        return listing.files().size() > 12
                ? shown + ", … (%d files)".formatted(listing.files().size())
                : shown.isEmpty() ? "nothing" : shown;
    }
}
