package io.rackmark.data;

import java.util.List;

/**
 * A question with what answers it.
 *
 * @param id unique within its set
 * @param tags the query patterns it needs
 * @param text the question as it is asked
 * @param ordered whether the order of the answer's rows counts
 * @param line where it starts in its file, from 1
 */
public record Question(
        String id,
        Tier tier,
        List<String> tags,
        String text,
        Gold gold,
        boolean ordered,
        int line) {
    public Question {
        tags = List.copyOf(tags);
    }

    /** How hard a question is. */
    public enum Tier {
        /** One table, or a join without grouping. */
        SIMPLE,
        /** Joins with grouping, dates or sorting. */
        MEDIUM,
        /** Several levels: subqueries, windows, self-joins, ratios. */
        HARD
    }

    /** The right answer. */
    public sealed interface Gold {
        /** A query whose result is the answer on the database at hand. */
        record Sql(String sql) implements Gold {}

        /** Fixed rows. */
        record Rows(List<List<Cell>> rows) implements Gold {
            public Rows {
                rows = List.copyOf(rows);
            }
        }
    }
}
