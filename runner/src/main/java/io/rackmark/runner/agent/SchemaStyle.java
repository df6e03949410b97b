package io.rackmark.runner.agent;

/** How the schema stands in the system message. */
public enum SchemaStyle {
    /** One line per table: {@code Table(col:type[pk], col:type[fk→T.c])}. */
    COMPACT("compact"),
    /** The database's own CREATE TABLE statements. */
    DDL("ddl");

    private final String label;

    SchemaStyle(String label) {
        this.label = label;
    }

    /** Name on the command line, in plans and in results. */
    public String label() {
        return label;
    }
}
