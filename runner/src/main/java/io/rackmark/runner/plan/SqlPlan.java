package io.rackmark.runner.plan;

/**
 * The text-to-SQL workload.
 *
 * @param repeats fresh processes per system, each asked every question
 * @param questions built-in set or path of a question file
 * @param database {@code sample} or path of a SQLite file
 * @param strategy {@code agent}, {@code single-shot} or {@code baseline}
 * @param schema {@code compact} or {@code ddl}
 * @param trim whether the schema is trimmed to the tables a question names
 * @param maxRepairs most repair turns, 0 to 2
 * @param maxTokens most output tokens per turn
 * @param limit only the first so many questions; 0 asks all
 */
public record SqlPlan(
        int repeats,
        String questions,
        String database,
        String strategy,
        String schema,
        boolean trim,
        int maxRepairs,
        int maxTokens,
        int limit) {

    /** The same in another number of processes. */
    public SqlPlan withRepeats(int other) {
        return new SqlPlan(
                other, questions, database, strategy, schema, trim, maxRepairs, maxTokens, limit);
    }
}
