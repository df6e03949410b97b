package io.rackmark.engine;

/** One named property of an engine build or a loaded model, kept with every result. */
public record Fact(String name, String value) {}
