package io.rackmark.data;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names as they must be written in SQL. */
final class Identifier {
    /** Letters, digits, underscores and, as SQLite has it, anything beyond ASCII. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z_\\x{80}-\\x{10FFFF}][\\w\\x{80}-\\x{10FFFF}]*");

    /** SQLite's keywords that cannot stand for a name unquoted (sqlite.org/lang_keywords.html). */
    private static final Set<String> RESERVED =
            Set.of(
                    """
                    ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE
                    DEFAULT DEFERRABLE DELETE DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING
                    IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER
                    PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION UNION UNIQUE UPDATE USING
                    VALUES WHEN WHERE
                    """
                            .strip()
                            .split("\\s+"));

    private Identifier() {}

    /** The name, in double quotes only when SQL needs them. */
    static String show(String name) {
        boolean plain =
                PLAIN.matcher(name).matches() && !RESERVED.contains(name.toUpperCase(Locale.ROOT));
        return plain ? name : quote(name);
    }

    /** The name in double quotes. */
    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
