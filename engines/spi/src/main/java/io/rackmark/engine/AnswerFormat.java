package io.rackmark.engine;

/** What the text of an answer must look like, whatever the model would rather write. */
public sealed interface AnswerFormat {

    /** No constraint. */
    AnswerFormat FREE = new Free();

    /** Any text. */
    record Free() implements AnswerFormat {}

    /** One JSON object. */
    record JsonObject() implements AnswerFormat {}

    /**
     * One JSON value that fits a JSON Schema.
     *
     * @param schema JSON text; keywords beyond the supported ones are refused by name
     */
    record JsonSchema(String schema) implements AnswerFormat {}
}
