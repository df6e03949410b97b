package io.rackmark.runner.run;

import io.rackmark.data.DataException;
import io.rackmark.data.Database;
import io.rackmark.data.DatabaseNotes;
import io.rackmark.data.Question;
import io.rackmark.data.QuestionSet;
import io.rackmark.data.QuestionSet.GoldCheck;
import io.rackmark.data.SampleDatabase;
import io.rackmark.runner.agent.AgentQuestion;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.workload.GoldQuestion;
import io.rackmark.runner.workload.SqlInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Databases and question sets by name or path. */
public final class SqlStock {
    private final Home home;

    public SqlStock(Home home) {
        this.home = home;
    }

    /** The database of this name or path, opened read-only. */
    public Database database(String nameOrPath) {
        return Database.open(
                nameOrPath.equals(Defaults.DATABASE)
                        ? SampleDatabase.cached(home.cache())
                        : Path.of(nameOrPath));
    }

    /**
     * What the question file says of its database, else what the sample database says of itself.
     */
    public static Optional<DatabaseNotes> notes(QuestionSet questions, String database) {
        return questions
                .notes()
                .or(
                        () ->
                                database.equals(Defaults.DATABASE)
                                        ? Optional.of(DatabaseNotes.sample())
                                        : Optional.empty());
    }

    /**
     * Questions with their gold answers, computed now.
     *
     * @throws DataException with every question that has none
     */
    public SqlInputs inputs(SqlPlan plan) {
        QuestionSet questions = QuestionSet.read(plan.questions());
        Database database = database(plan.database());
        List<GoldQuestion> gold = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (GoldCheck check : questions.check(database)) {
            switch (check) {
                case GoldCheck.Ready(Question question, var rows) ->
                        gold.add(new GoldQuestion(asked(question), rows, question.ordered()));
                case GoldCheck.Faulty(_, String fault) -> faults.add(fault);
            }
        }
        if (!faults.isEmpty()) {
            throw new DataException(DataException.Kind.INVALID, faults);
        }
        int limit = plan.limit() == 0 ? gold.size() : Math.min(plan.limit(), gold.size());
        return new SqlInputs(gold.subList(0, limit), database, notes(questions, plan.database()));
    }

    private static AgentQuestion asked(Question question) {
        return new AgentQuestion(
                question.id(), question.tier().name().toLowerCase(Locale.ROOT), question.text());
    }
}
