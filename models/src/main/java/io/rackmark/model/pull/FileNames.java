package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** File names by strangers: whether they stay inside the directory, on every operating system. */
final class FileNames {
    private static final int MOST_CHARACTERS = 255;
    private static final int MOST_DEPTH = 8;

    /** Names of devices on Windows, with or without a suffix. */
    private static final Pattern DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    private FileNames() {}

    /**
     * @throws ModelException when the name could lead out of its directory
     */
    static void check(String path) {
        String[] parts = path.split("/", -1);
        if (path.length() > MOST_CHARACTERS || parts.length > MOST_DEPTH) {
            throw refused(path, "it is too long");
        }
        for (String part : parts) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw refused(path, "it leads elsewhere");
            }
        }
        if (DRIVE.matcher(path).lookingAt() || path.indexOf('\\') >= 0) {
            throw refused(path, "it leads elsewhere on Windows");
        }
        if (path.codePoints().anyMatch(FileNames::invisible)) {
            throw refused(path, "it holds a character that file names must not have");
        }
    }

    /**
     * @throws ModelException when a name means something else on some system, two names are one on
     *     a file system that ignores case, or one is the folder of another
     */
    static void checkTogether(List<String> paths) {
        paths.forEach(FileNames::checkPortable);
        Map<String, String> seen = new HashMap<>();
        for (String path : paths) {
            String other = seen.putIfAbsent(path.toLowerCase(Locale.ROOT), path);
            if (other != null) {
                throw refused(path, "it clashes with " + printable(other));
            }
        }
        for (String path : paths) {
            String folder = path.toLowerCase(Locale.ROOT);
            for (int slash = folder.lastIndexOf('/'); slash > 0; slash = folder.lastIndexOf('/')) {
                folder = folder.substring(0, slash);
                String other = seen.get(folder);
                if (other != null) {
                    throw refused(path, "it clashes with " + printable(other));
                }
            }
        }
    }

    private static void checkPortable(String path) {
        for (String part : path.split("/", -1)) {
            if (DEVICE.matcher(part).matches()
                    || part.endsWith(".")
                    || part.endsWith(" ")
                    || part.chars().anyMatch(c -> "<>:\"|?*".indexOf(c) >= 0)) {
                throw refused(path, "it means something else on Windows");
            }
        }
    }

    private static boolean invisible(int character) {
        return Character.getType(character) == Character.CONTROL
                || Character.getType(character) == Character.FORMAT
                || Character.getType(character) == Character.SURROGATE
                || Character.getType(character) == Character.LINE_SEPARATOR
                || Character.getType(character) == Character.PARAGRAPH_SEPARATOR;
    }

    private static ModelException refused(String path, String reason) {
        return new ModelException(
                Kind.DAMAGED,
                "the file name '%s' is refused because %s; the source is not to be trusted"
                        .formatted(printable(path), reason));
    }

    private static String printable(String path) {
        String shown = path.replaceAll("\\p{C}", "\uFFFD");
        return shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
    }
}
