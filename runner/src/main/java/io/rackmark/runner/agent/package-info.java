/**
 * The text-to-SQL agent: the same prompts, the same parsing and the same repairs for every model.
 * Entry type: {@link io.rackmark.runner.agent.TextToSqlAgent}, which talks to any {@link
 * io.rackmark.runner.agent.ChatModel}. The texts of {@link io.rackmark.runner.agent.SystemPrompt}
 * are part of what the embedded model was trained on; a changed byte there costs accuracy.
 */
@NullMarked
package io.rackmark.runner.agent;

import org.jspecify.annotations.NullMarked;
