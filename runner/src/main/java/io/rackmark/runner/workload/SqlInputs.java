package io.rackmark.runner.workload;

import io.rackmark.data.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the text-to-SQL workload asks, and of which database.
 *
 * @param questions in the order of the question set
 * @param database opened read-only
 * @param subject what the database is about; null when nobody says
 * @param rules notes every model is given, one line each
 */
public record SqlInputs(
        List<GoldQuestion> questions,
        Database database,
        @Nullable String subject,
        List<String> rules) {
    public SqlInputs {
        questions = List.copyOf(questions);
        rules = List.copyOf(rules);
    }
}
