package io.rackmark.runner.agent;

/**
 * A question put to the agent.
 *
 * @param id its id in the question set
 * @param tier its difficulty tier
 * @param text as the user puts it
 */
public record AgentQuestion(String id, String tier, String text) {}
