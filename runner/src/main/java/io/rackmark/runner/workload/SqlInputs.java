package io.rackmark.runner.workload;

import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import java.util.List;
import java.util.Optional;

/**
 * What the text-to-SQL workload asks, and of which database.
 *
 * @param questions in the order of the question set
 * @param database opened read-only
 * @param notes what every model is told about the database beside its schema
 */
public record SqlInputs(
        List<GoldQuestion> questions, Database database, Optional<DatabaseNotes> notes) {
    public SqlInputs {
        questions = List.copyOf(questions);
    }
}
