package io.rackmark.runner.result;

/** A named value, for facts whose names are not known in advance. */
public record Property(String name, String value) {}
