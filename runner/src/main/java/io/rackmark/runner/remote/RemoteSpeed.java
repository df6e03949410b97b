package io.rackmark.runner.remote;

import io.rackmark.engine.Message;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.result.RequestRecord.Phase;
import io.rackmark.runner.result.SpeedCase;
import io.rackmark.runner.result.SpeedLabel;
import io.rackmark.runner.workload.SpeedPrompt;
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
        SpeedCase base = plan.baseCase();
        send(session, "first", Phase.FIRST, base);
        for (int i = 1; i <= plan.warmUps(); i++) {
            send(session, "warm-up-" + i, Phase.WARM_UP, base);
        }
        for (int round = 1; round <= plan.requests(); round++) {
            for (SpeedCase point : plan.cases()) {
                String label = new SpeedLabel(point, round, 1).toString();
                if (possible(point) && !session.has(label)) {
                    send(session, label, Phase.MEASURED, point);
                }
            }
        }
    }

    /**
     * An endpoint's cache cannot be filled apart from the request, and streams are sent one by one.
     */
    private static boolean possible(SpeedCase point) {
        return point.depth() == 0 && point.streams() == 1;
    }

    private static void send(RemoteSession session, String label, Phase phase, SpeedCase point) {
        session.chat(
                label,
                phase,
                List.of(new Message(Message.Role.USER, prompt(point.promptTokens()))),
                point.outputTokens());
    }

    private static String prompt(int tokens) {
        String text = SpeedPrompt.text();
        StringBuilder prompt = new StringBuilder("Document " + UUID.randomUUID() + "\n\n");
        while (prompt.length() < tokens * CHARS_PER_TOKEN) {
            prompt.append(text);
        }
        prompt.setLength(Math.max(60, tokens * CHARS_PER_TOKEN));
        return prompt.append("\n\nContinue this text at length.").toString();
    }
}
