package io.rackmark.model;

import io.rackmark.model.ModelException.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model on a hub: {@code org/name[@revision]}.
 *
 * @param revision branch, tag or commit
 */
public record ModelId(String org, String name, String revision) {
    /** The revision meant when none is given. */
    public static final String DEFAULT_REVISION = "main";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,95}");
    private static final Pattern REVISION =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int MOST_REVISION_CHARACTERS = 128;

    public ModelId {
        if (!word(org) || !word(name) || !revisionFits(revision)) {
            throw new ModelException(
                    Kind.NOT_FOUND,
                    "'%s/%s@%s' is not a model of a hub; write org/name or org/name@revision"
                            .formatted(org, name, revision));
        }
    }

    /** The id this text is written as, or empty when it is none. */
    public static Optional<ModelId> parse(String text) {
        int at = text.indexOf('@');
        String path = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? DEFAULT_REVISION : text.substring(at + 1);
        int slash = path.indexOf('/');
        if (slash < 0
                || !word(path.substring(0, slash))
                || !word(path.substring(slash + 1))
                || !revisionFits(revision)) {
            return Optional.empty();
        }
        return Optional.of(
                new ModelId(path.substring(0, slash), path.substring(slash + 1), revision));
    }

    /** Whether the revision names one immutable state. */
    public boolean pinned() {
        return isCommit(revision);
    }

    /** Whether this is the full hash of a commit. */
    public static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** {@code org/name}. */
    public String repository() {
        return org + "/" + name;
    }

    /** As it is typed; the usual revision is left out. */
    @Override
    public String toString() {
        return revision.equals(DEFAULT_REVISION) ? repository() : repository() + "@" + revision;
    }

    private static boolean word(String text) {
        return WORD.matcher(text).matches() && !text.contains("..") && !text.contains("--");
    }

    private static boolean revisionFits(String text) {
        return text.length() <= MOST_REVISION_CHARACTERS
                && REVISION.matcher(text).matches()
                && !text.contains("..");
    }
}
