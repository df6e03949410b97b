package io.rackmark.runner.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tools.jackson.core.JacksonException;

/** What SQLite's result codes mean to a person who runs a benchmark. */
final class StoreFaults {
    private StoreFaults() {}

    static StoreException of(Path file, SQLException e) {
        return new StoreException(sentence(file, e), e);
    }

    static StoreException unreadable(Path file, RuntimeException e) {
        return new StoreException(
                "Result store %s holds a row this program cannot read (%s); restore the file from a copy or name another with --store."
                        .formatted(file, firstLine(e)),
                e);
    }

    /** Throws the sentence for a violated constraint and any other error as it is. */
    static StoreException constraint(SQLException e, Supplier<String> sentence)
            throws SQLException {
        if (primary(e) != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
            throw e;
        }
        return new StoreException(sentence.get(), e);
    }

    private static String sentence(Path file, SQLException e) {
        int code = primary(e);
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return "%s is not a result store (no SQLite database); name another file with --store."
                    .formatted(file);
        } else if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return "Result store %s is damaged; restore it from a copy or move it away to begin a new one."
                    .formatted(file);
        } else if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return "Result store %s cannot grow: the disk is full; free some space and resume the run."
                    .formatted(file);
        } else if (code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return "Result store %s cannot be opened for writing; check the permissions of the file and its directory or name another with --store."
                    .formatted(file);
        } else if (code == SQLiteErrorCode.SQLITE_BUSY.code
                || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "Result store %s is held by another process for more than 10 s; end that process and try again."
                    .formatted(file);
        } else if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "Result store %s cannot be read or written (%s); check the disk or name a local file with --store."
                    .formatted(file, firstLine(e));
        }
        return "Result store %s refused a statement: %s.".formatted(file, firstLine(e));
    }

    /** Extended codes carry the primary one in their low byte (sqlite.org/rescode.html). */
    private static int primary(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : 0;
    }

    /** The first line of the message, after the path to the value when a JSON value is at fault. */
    static String firstLine(Exception e) {
        if (e instanceof JacksonException json) {
            return path(json) + firstLine(json.getOriginalMessage(), e);
        }
        return firstLine(e.getMessage(), e);
    }

    private static String firstLine(@Nullable String message, Exception e) {
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            @Nullable String name = step.getPropertyName();
            path.append(name == null ? "[" + step.getIndex() + "]" : "." + name);
        }
        return path.isEmpty() ? "" : path.append(": ").substring(path.charAt(0) == '.' ? 1 : 0);
    }
}
