package io.rackmark.data;

import io.rackmark.data.DataException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Questions about one database.
 *
 * @param source the file or built-in name they were read from
 * @param notes what the file says about its database, if anything
 */
public record QuestionSet(String source, Optional<DatabaseNotes> notes, List<Question> questions) {
    /** Names of the sets that come with the product. */
    public static final List<String> BUILT_IN = List.of("core");

    /** A question file is written by hand; a larger one is a mistake. */
    private static final long MAX_FILE_BYTES = 16L << 20;

    public QuestionSet {
        questions = List.copyOf(questions);
    }

    /** What came of running one gold query. */
    public sealed interface GoldCheck {
        /** The question it belongs to. */
        Question question();

        /** The answer to compare with. */
        record Ready(Question question, List<List<Cell>> rows) implements GoldCheck {
            public Ready {
                rows = List.copyOf(rows);
            }
        }

        /** No answer; the fault names file, line and question. */
        record Faulty(Question question, String fault) implements GoldCheck {}
    }

    /**
     * Reads a built-in set by name, or a JSON or YAML file.
     *
     * @throws DataException with every fault found, each with its line
     */
    public static QuestionSet read(String nameOrFile) {
        if (BUILT_IN.contains(nameOrFile)) {
            return parse(resource(nameOrFile + ".yaml"), nameOrFile);
        }
        return read(Path.of(nameOrFile));
    }

    /**
     * Reads a JSON file (its name ends in {@code .json}) or a YAML file.
     *
     * @throws DataException with every fault found, each with its line
     */
    public static QuestionSet read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    Kind.NOT_FOUND,
                    "There is no question file "
                            + file
                            + "; give a JSON or YAML file or a built-in set ("
                            + String.join(", ", BUILT_IN)
                            + ").");
        }
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new DataException(
                        Kind.INVALID, file + " is larger than 16 MiB; split the question file.");
            }
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new DataException(
                    Kind.UNREADABLE,
                    file
                            + " cannot be read as UTF-8 text ("
                            + e.getMessage()
                            + "); save it as UTF-8.",
                    e);
        }
    }

    /**
     * Answers every question on a database with its own gold, in order.
     *
     * @throws DataException when the database can no longer be opened
     */
    public List<GoldCheck> check(Database database) {
        List<GoldCheck> checks = new ArrayList<>();
        try (SqlRunner runner = new SqlRunner(database)) {
            for (Question question : questions) {
                checks.add(check(question, runner));
            }
        }
        return checks;
    }

    private GoldCheck check(Question question, SqlRunner runner) {
        return switch (question.gold()) {
            case Question.Gold.Rows(List<List<Cell>> rows) -> new GoldCheck.Ready(question, rows);
            case Question.Gold.Sql(String sql) ->
                    switch (runner.execute(sql)) {
                        case SqlOutcome.Rows result -> new GoldCheck.Ready(question, result.rows());
                        case SqlOutcome outcome ->
                                new GoldCheck.Faulty(
                                        question,
                                        "%s:%d: question '%s': the gold SQL gives no answer: %s"
                                                .formatted(
                                                        source,
                                                        question.line(),
                                                        question.id(),
                                                        outcome.fault().orElseThrow()));
                    };
        };
    }

    private static QuestionSet parse(String text, String source) {
        return new QuestionFile(source).readSet(LocatedReader.read(text, source));
    }

    /** A text resource of this package. */
    static String resource(String name) {
        try (InputStream in = QuestionSet.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The resource " + name + " cannot be read", e);
        }
    }
}
