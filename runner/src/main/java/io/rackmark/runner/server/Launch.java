package io.rackmark.runner.server;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is executed.
 *
 * @param command the words, program first; no shell reads them
 * @param environment all of it, with secrets
 * @param shown what the preset and the plan add to the environment, references to secrets unfilled
 * @param secrets values that must not be shown
 * @param config text of the configuration file; null without one
 */
record Launch(
        List<String> command,
        Map<String, String> environment,
        Map<String, String> shown,
        List<String> secrets,
        @Nullable String config) {}
