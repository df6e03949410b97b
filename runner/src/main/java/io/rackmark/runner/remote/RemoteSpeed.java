package io.rackmark.runner.remote;

import io.rackmark.engine.Message;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.workload.SpeedWorkload;
import java.util.List;
import java.util.UUID;

/**
 * Real text of about the asked length in, at most the asked tokens out, one stream. An endpoint
 * takes no token ids and may stop early, so lengths are as its own count tells. Each prompt begins
 * differently: no cache of an earlier one shortens it.
 */
final class RemoteSpeed {
    /** English text, over the tokenizers of today. */
    private static final int CHARS_PER_TOKEN = 4;

    private final SpeedPlan plan;

    RemoteSpeed(SpeedPlan plan) {
        this.plan = plan;
    }

    void run(RemoteSession session) {
        send(session, "first", Phase.FIRST);
        for (int i = 1; i <= plan.warmUps(); i++) {
            send(session, "warm-up-" + i, Phase.WARM_UP);
        }
        for (int i = 1; i <= plan.requests(); i++) {
            String label = "pp%d-tg%d-%d".formatted(plan.promptTokens(), plan.outputTokens(), i);
            if (!session.has(label)) {
                send(session, label, Phase.MEASURED);
            }
        }
    }

    private void send(RemoteSession session, String label, Phase phase) {
        session.chat(
                label,
                phase,
                List.of(new Message(Message.Role.USER, prompt())),
                plan.outputTokens());
    }

    private String prompt() {
        String text = SpeedWorkload.text();
        StringBuilder prompt = new StringBuilder("Document " + UUID.randomUUID() + "\n\n");
        while (prompt.length() < plan.promptTokens() * CHARS_PER_TOKEN) {
            prompt.append(text);
        }
        prompt.setLength(Math.max(60, plan.promptTokens() * CHARS_PER_TOKEN));
        return prompt.append("\n\nContinue this text at length.").toString();
    }
}
