package io.rackmark.data;

import java.util.List;

/**
 * What a model is told about a database beside its schema.
 *
 * @param subject completes "a database of ...", such as {@code a digital music store}
 * @param rules one sentence each, in order
 */
public record DatabaseNotes(String subject, List<String> rules) {
    public DatabaseNotes {
        rules = List.copyOf(rules);
    }

    /** The notes of the embedded sample database. */
    public static DatabaseNotes sample() {
        String resource = "sample-notes.yaml";
        QuestionFile file = new QuestionFile(resource);
        DatabaseNotes notes =
                file.readNotes(LocatedReader.read(QuestionSet.resource(resource), resource));
        file.throwFaults();
        return notes;
    }
}
