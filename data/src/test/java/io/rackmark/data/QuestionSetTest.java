package io.rackmark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.rackmark.data.QuestionSet.GoldCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionSetTest {
    @TempDir Path folder;

    @Test
    void coreHasTwentyFiveQuestionsInThreeTiers() {
        QuestionSet core = QuestionSet.read("core");

        assertThat(core.questions()).hasSize(25);
        assertThat(core.questions().stream().filter(q -> q.id().startsWith("dev-"))).hasSize(10);
        for (Question.Tier tier : Question.Tier.values()) {
            assertThat(core.questions().stream().filter(q -> q.tier() == tier))
                    .hasSizeBetween(7, 10);
        }
        assertThat(core.questions()).allSatisfy(q -> assertThat(q.tags()).isNotEmpty());
    }

    @Test
    void everyCoreQuestionHasAnAnswerOnTheSampleDatabase() {
        Path file = folder.resolve("sample.db");
        SampleDatabase.build(file);
        Set<List<List<Cell>>> answers = new HashSet<>();

        for (GoldCheck check : QuestionSet.read("core").check(Database.open(file))) {
            assertThat(check).isInstanceOf(GoldCheck.Ready.class);
            List<List<Cell>> rows = ((GoldCheck.Ready) check).rows();
            assertThat(rows).as(check.question().id()).isNotEmpty();
            assertThat(rows.getFirst()).doesNotContain(new Cell.Null());
            assertThat(answers.add(rows)).as(check.question().id() + " repeats an answer").isTrue();
        }
    }

    @Test
    void noCoreAnswerDependsOnTheOrderOfEqualRows() {
        for (Question question : QuestionSet.read("core").questions()) {
            String sql = ((Question.Gold.Sql) question.gold()).sql();
            assertThat(question.ordered())
                    .isEqualTo(
                            sql.contains("\nORDER BY")
                                    || sql.matches("(?s).*FROM \\w+ ORDER BY.*"));
            if (sql.contains("LIMIT")) {
                assertThat(sql).as(question.id()).containsPattern("ORDER BY .*, \\S+\\s+LIMIT");
            }
        }
    }

    @Test
    void notesOfTheSampleDatabaseHaveASubjectAndEightRules() {
        DatabaseNotes notes = DatabaseNotes.sample();

        assertThat(notes.subject()).isEqualTo("a digital music store");
        assertThat(notes.rules()).hasSize(8);
        assertThat(notes.rules().get(2))
                .isEqualTo("A person's full name is FirstName || ' ' || LastName.");
    }

    @Test
    void readsNotesFixedRowsAndTheOrderFlag() throws IOException {
        QuestionSet set =
                yaml(
                        """
                        database:
                          subject: a zoo
                          rules: [Weights are in kilograms.]
                        questions:
                          - {id: a, tier: simple, question: Which?, rows: [[x, 1, 2.5, null]], ordered: true}
                          - id: b
                            tier: hard
                            tags: [window]
                            question: Who?
                            sql: SELECT a, RANK() OVER (ORDER BY a) FROM t
                          - {id: c, tier: medium, question: Who?, sql: SELECT a FROM t ORDER BY a}
                          - {id: d, tier: medium, question: Who?, sql: SELECT a FROM t ORDER BY a, ordered: false}
                        """);

        assertThat(set.notes())
                .contains(new DatabaseNotes("a zoo", List.of("Weights are in kilograms.")));
        assertThat(set.questions())
                .extracting(Question::ordered)
                .containsExactly(true, false, true, false);
        assertThat(set.questions()).extracting(Question::line).containsExactly(5, 6, 11, 12);
        assertThat(set.questions().getFirst().gold())
                .isEqualTo(
                        new Question.Gold.Rows(
                                List.of(
                                        List.of(
                                                new Cell.Text("x"),
                                                new Cell.Whole(1),
                                                new Cell.Real(2.5),
                                                new Cell.Null()))));
    }

    @Test
    void readsJsonToo() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("q.json"),
                        """
                        {"questions": [{"id": "a", "tier": "simple", "question": "Which?",
                          "sql": "SELECT 1"}]}
                        """);

        assertThat(QuestionSet.read(file).questions().getFirst().gold())
                .isEqualTo(new Question.Gold.Sql("SELECT 1"));
    }

    @Test
    void namesEveryFaultWithItsLine() {
        refuses(
                        """
                        databse: {}
                        questions:
                          - id: a
                            tier: easy
                            question: Which?
                            sql: SELECT 1
                          - id: a
                            tier: simple
                            sqll: SELECT 1
                          - tier: simple
                            question: What?
                            sql: DROP TABLE t
                            rows: []
                          - id: e
                            tier: simple
                            question: What?
                            sql: SELECT 1; SELECT 2
                            ordered: maybe
                          - just text
                        """)
                .satisfies(
                        e -> {
                            assertThat(e.faults()).hasSize(11);
                            assertThat(e.getMessage())
                                    .contains(
                                            "q.yaml:1: unknown key 'databse'; known: database,"
                                                    + " questions.")
                                    .contains("q.yaml:4: question 'a': 'easy' is no tier")
                                    .contains(
                                            "q.yaml:7: question 'a': the id is already used in line"
                                                    + " 3")
                                    .contains("q.yaml:9: question 'a': unknown key 'sqll'")
                                    .contains(
                                            "q.yaml:7: question 'a': the key 'question' must hold")
                                    .contains("q.yaml:7: question 'a': give either 'sql' or 'rows'")
                                    .contains(
                                            "q.yaml:10: question number 3: the key 'id' is missing")
                                    .contains("q.yaml:10: question number 3: give either")
                                    .contains(
                                            "q.yaml:17: question 'e': gold SQL: The SQL has"
                                                    + " several")
                                    .contains(
                                            "q.yaml:18: question 'e': 'ordered' must be true or"
                                                    + " false")
                                    .contains("q.yaml:19: a question must be a mapping");
                        });
    }

    @Test
    void namesTheLineWhereYamlBreaks() {
        refuses("questions:\n  - id: a\n\ttier: simple\n")
                .withMessageMatching("(?s).*q\\.yaml:[23]: this is not valid YAML.*");
    }

    @Test
    void refusesFilesThatHoldNoQuestions() {
        refuses("").withMessageContaining("q.yaml");
        refuses("just text").withMessageContaining("must be a mapping");
        refuses("questions: []").withMessageContaining("at least one question");
        refuses("questions: [a]\nquestions: [b]").withMessageContaining("q.yaml:2");
    }

    @Test
    void refusesAnUnknownNameAndListsTheBuiltInOnes() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> QuestionSet.read("cor"))
                .withMessageContaining("There is no question file cor")
                .withMessageContaining("core");
    }

    @Test
    void gathersGoldSqlThatDoesNotRun() throws IOException, SQLException {
        Path file = SampleFiles.create(folder.resolve("a.db"), "CREATE TABLE t (a)");
        QuestionSet set =
                yaml(
                        """
                        questions:
                          - {id: good, tier: simple, question: Which?, sql: SELECT COUNT(*) FROM t}
                          - {id: bad, tier: simple, question: Which?, sql: SELECT b FROM t}
                          - {id: fixed, tier: simple, question: Which?, rows: [[1]]}
                        """);

        List<GoldCheck> checks = set.check(Database.open(file));

        assertThat(checks.get(0))
                .isEqualTo(
                        new GoldCheck.Ready(
                                set.questions().get(0), List.of(List.of(new Cell.Whole(0)))));
        assertThat(((GoldCheck.Faulty) checks.get(1)).fault())
                .contains(
                        "q.yaml:3: question 'bad': the gold SQL gives no answer: no such column:"
                                + " b");
        assertThat(checks.get(2)).isInstanceOf(GoldCheck.Ready.class);
    }

    private QuestionSet yaml(String text) throws IOException {
        return QuestionSet.read(Files.writeString(folder.resolve("q.yaml"), text));
    }

    private ThrowableAssertAlternative<DataException> refuses(String text) {
        return assertThatExceptionOfType(DataException.class).isThrownBy(() -> yaml(text));
    }
}
