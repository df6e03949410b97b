package io.rackmark.data;

import io.rackmark.data.DataException.Kind;
import io.rackmark.data.LocatedNode.Entry;
import io.rackmark.data.LocatedNode.Mapping;
import io.rackmark.data.LocatedNode.Scalar;
import io.rackmark.data.LocatedNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns the parsed text of one question file into records and gathers all its faults. */
final class QuestionFile {
    private static final List<String> FILE_KEYS = List.of("database", "questions");
    private static final List<String> NOTES_KEYS = List.of("subject", "rules");
    private static final List<String> QUESTION_KEYS =
            List.of("id", "tier", "tags", "question", "sql", "rows", "ordered");

    private final String source;
    private final List<String> faults = new ArrayList<>();

    QuestionFile(String source) {
        this.source = source;
    }

    QuestionSet readSet(LocatedNode root) {
        Optional<DatabaseNotes> notes = Optional.empty();
        List<Question> questions = new ArrayList<>();
        if (root instanceof Mapping file) {
            checkKeys(file, FILE_KEYS, "");
            notes = file.get("database").map(this::readNotes);
            readQuestions(file, questions);
        } else {
            fault(root.line(), "", "the file must be a mapping with the key 'questions'");
        }
        throwFaults();
        return new QuestionSet(source, notes, questions);
    }

    DatabaseNotes readNotes(LocatedNode node) {
        if (!(node instanceof Mapping notes)) {
            fault(
                    node.line(),
                    "",
                    "the database notes must be a mapping with 'subject' and 'rules'");
            return new DatabaseNotes("", List.of());
        }
        checkKeys(notes, NOTES_KEYS, "database: ");
        String subject = text(notes, "subject", "database: ");
        List<String> rules = texts(notes, "rules", "database: ");
        return new DatabaseNotes(subject, rules);
    }

    void throwFaults() {
        if (!faults.isEmpty()) {
            throw new DataException(Kind.INVALID, faults);
        }
    }

    private void readQuestions(Mapping file, List<Question> questions) {
        Optional<LocatedNode> list = file.get("questions");
        if (!(list.orElse(null) instanceof Sequence sequence) || sequence.items().isEmpty()) {
            fault(file.line(), "", "the key 'questions' must hold a list of at least one question");
            return;
        }
        Map<String, Integer> lines = new HashMap<>();
        for (LocatedNode item : sequence.items()) {
            if (item instanceof Mapping mapping) {
                Question question = readQuestion(mapping, questions.size() + 1);
                Integer earlier = lines.putIfAbsent(question.id(), question.line());
                if (earlier != null && !question.id().isEmpty()) {
                    String where = "question '" + question.id() + "': ";
                    fault(question.line(), where, "the id is already used in line " + earlier);
                }
                questions.add(question);
            } else {
                fault(item.line(), "", "a question must be a mapping with " + known(QUESTION_KEYS));
            }
        }
    }

    private Question readQuestion(Mapping node, int number) {
        String id = scalar(node, "id").map(Object::toString).orElse("");
        String where =
                id.isBlank() ? "question number " + number + ": " : "question '" + id + "': ";
        checkKeys(node, QUESTION_KEYS, where);
        if (id.isBlank()) {
            fault(node.line(), where, "the key 'id' is missing");
        }
        Question.Tier tier = tier(node, where);
        List<String> tags = node.get("tags").isPresent() ? texts(node, "tags", where) : List.of();
        String text = text(node, "question", where);
        Question.Gold gold = gold(node, where);
        boolean sorted = gold instanceof Question.Gold.Sql(String sql) && SqlText.isOrdered(sql);
        return new Question(
                id, tier, tags, text, gold, ordered(node, where).orElse(sorted), node.line());
    }

    private Question.Tier tier(Mapping node, String where) {
        String name = text(node, "tier", where);
        for (Question.Tier tier : Question.Tier.values()) {
            if (tier.name().toLowerCase(Locale.ROOT).equals(name)) {
                return tier;
            }
        }
        if (!name.isEmpty()) {
            fault(
                    node.get("tier").orElse(node).line(),
                    where,
                    "'" + name + "' is no tier; use simple, medium or hard");
        }
        return Question.Tier.SIMPLE;
    }

    private Question.Gold gold(Mapping node, String where) {
        Optional<LocatedNode> rows = node.get("rows");
        if (rows.isPresent() == node.get("sql").isPresent()) {
            fault(node.line(), where, "give either 'sql' or 'rows'");
            return new Question.Gold.Rows(List.of());
        }
        if (rows.isPresent()) {
            return new Question.Gold.Rows(rows(rows.get(), where));
        }
        String sql = text(node, "sql", where);
        if (!sql.isEmpty()) {
            int line = node.get("sql").orElse(node).line();
            SqlText.refusal(sql).ifPresent(reason -> fault(line, where, "gold SQL: " + reason));
        }
        return new Question.Gold.Sql(sql);
    }

    private List<List<Cell>> rows(LocatedNode node, String where) {
        List<List<Cell>> rows = new ArrayList<>();
        if (node instanceof Sequence list) {
            for (LocatedNode row : list.items()) {
                if (row instanceof Sequence cells
                        && cells.items().stream().allMatch(Scalar.class::isInstance)) {
                    rows.add(
                            cells.items().stream()
                                    .map(Scalar.class::cast)
                                    .map(QuestionFile::cell)
                                    .toList());
                } else {
                    fault(row.line(), where, "a row must be a list of single values");
                }
            }
        } else {
            fault(node.line(), where, "'rows' must be a list of rows, each a list of values");
        }
        return rows;
    }

    private static Cell cell(Scalar scalar) {
        return switch (scalar.value()) {
            case null -> new Cell.Null();
            case Long whole -> new Cell.Whole(whole);
            case Double real -> new Cell.Real(real);
            // SQLite has no booleans: true is 1.
            case Boolean truth -> new Cell.Whole(truth ? 1 : 0);
            case Object text -> new Cell.Text(text.toString());
        };
    }

    private Optional<Boolean> ordered(Mapping node, String where) {
        Optional<LocatedNode> flag = node.get("ordered");
        if (flag.isPresent() && scalar(node, "ordered").orElse(null) instanceof Boolean ordered) {
            return Optional.of(ordered);
        }
        flag.ifPresent(value -> fault(value.line(), where, "'ordered' must be true or false"));
        return Optional.empty();
    }

    private void checkKeys(Mapping node, List<String> known, String where) {
        for (Entry entry : node.entries()) {
            if (!known.contains(entry.key())) {
                fault(
                        entry.line(),
                        where,
                        "unknown key '" + entry.key() + "'; known: " + known(known));
            }
        }
    }

    private String text(Mapping node, String key, String where) {
        Optional<String> text = scalar(node, key).map(Object::toString).map(String::strip);
        if (text.isEmpty() || text.get().isEmpty()) {
            int line = node.get(key).orElse(node).line();
            fault(line, where, "the key '" + key + "' must hold a text");
            return "";
        }
        return text.get();
    }

    private List<String> texts(Mapping node, String key, String where) {
        if (node.get(key).orElse(null) instanceof Sequence list
                && list.items().stream()
                        .allMatch(item -> item instanceof Scalar s && s.value() != null)) {
            return list.items().stream()
                    .map(item -> String.valueOf(((Scalar) item).value()))
                    .toList();
        }
        fault(
                node.get(key).orElse(node).line(),
                where,
                "the key '" + key + "' must hold a list of texts");
        return List.of();
    }

    private static Optional<Object> scalar(Mapping node, String key) {
        return node.get(key)
                .flatMap(
                        value ->
                                value instanceof Scalar s
                                        ? Optional.ofNullable(s.value())
                                        : Optional.empty());
    }

    private static String known(List<String> keys) {
        return String.join(", ", keys);
    }

    private void fault(int line, String where, String what) {
        faults.add(source + ":" + line + ": " + where + what + ".");
    }
}
