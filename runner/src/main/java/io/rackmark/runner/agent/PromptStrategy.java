package io.rackmark.runner.agent;

/** How the model is asked. */
public enum PromptStrategy {
    /** Schema, JSON contract, repair with the database's error. */
    AGENT("agent"),
    /** Schema and JSON contract, one attempt. */
    SINGLE_SHOT("single-shot"),
    /** The bare question: no system message, no schema, no JSON, no history, one attempt. */
    BASELINE("baseline");

    private final String label;

    PromptStrategy(String label) {
        this.label = label;
    }

    /** Name on the command line, in plans and in results. */
    public String label() {
        return label;
    }
}
