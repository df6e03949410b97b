package io.rackmark.engine;

/**
 * @param id as written in a plan: {@code cpu}, {@code cuda:0}, {@code metal}
 * @param name for people
 */
public record Device(String id, String name) {}
