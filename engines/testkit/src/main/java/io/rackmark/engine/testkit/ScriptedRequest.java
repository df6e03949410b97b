package io.rackmark.engine.testkit;

import io.rackmark.engine.Completion;
import io.rackmark.engine.Completion.Finish;
import io.rackmark.engine.Completion.Phases;
import io.rackmark.engine.GenerationListener;
import io.rackmark.engine.GenerationRequest;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One request played from a {@link Script}. */
final class ScriptedRequest {
    private final Script script;
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final BooleanSupplier closed;
    private final List<Long> releases;
    private final StringBuilder written = new StringBuilder();
    private int shown;
    private int tokens;
    private long first;
    private long last;

    ScriptedRequest(
            Script script,
            GenerationRequest request,
            GenerationListener listener,
            BooleanSupplier closed,
            List<Long> releases) {
        this.script = script;
        this.request = request;
        this.listener = listener;
        this.closed = closed;
        this.releases = releases;
    }

    /** Releases token <i>n</i>, from 1, at start + fill + prefill + (n - 1) intervals. */
    Finish play(long start, int limit) {
        first = start + fillNanos() + script.prefill().toNanos();
        while (true) {
            long due = first + tokens * script.interval().toNanos();
            Deadline.at(due).await(this::cancelled);
            if (cancelled()) {
                return Finish.CANCELLED;
            }
            Breakage.before(tokens + 1, script);
            Finish finish = release(limit);
            if (finish != Finish.CANCELLED) {
                return finish;
            }
        }
    }

    /** Why the answer ends with this token; CANCELLED stands for "it goes on". */
    private Finish release(int limit) {
        int count = script.tokens().size();
        boolean end = count == 0 || (!request.ignoreEnd() && tokens >= count);
        String text = end ? "" : script.tokens().get(tokens % count);
        last = System.nanoTime();
        written.append(script.stamps() && !end ? last + " " : text);
        int stop = firstStop();
        boolean over = end || stop >= 0 || tokens + 1 == limit;
        int until = stop >= 0 ? stop : over ? written.length() : written.length() - held();
        String part = written.substring(shown, Math.max(shown, until));
        shown += part.length();
        int id = end ? ScriptedModel.END : 256 + tokens % 256;
        tokens++;
        releases.add(last);
        listener.onToken(id, part);
        if (!over) {
            return Finish.CANCELLED;
        }
        return end || stop >= 0 ? Finish.STOP : Finish.LENGTH;
    }

    private int firstStop() {
        int first = -1;
        for (String stop : request.stop()) {
            int at = written.indexOf(stop, shown);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** How much of the end may begin a stop string. */
    private int held() {
        int most = 0;
        for (String stop : request.stop()) {
            for (int length = Math.min(stop.length() - 1, written.length() - shown);
                    length > most;
                    length--) {
                if (stop.startsWith(written.substring(written.length() - length))) {
                    most = length;
                }
            }
        }
        return most;
    }

    private long fillNanos() {
        return request.depth() * script.fill().toNanos();
    }

    private boolean cancelled() {
        return closed.getAsBoolean() || listener.cancelled();
    }

    Completion completion(List<Integer> prompt, Finish finish, long queueNanos) {
        Phases phases =
                new Phases(
                        queueNanos,
                        0,
                        0,
                        script.prefill().toNanos(),
                        tokens > 1 ? last - first : 0,
                        0,
                        0,
                        fillNanos());
        return new Completion(written.substring(0, shown), prompt, tokens, finish, phases);
    }

    /** The ways in which a script breaks. */
    private static final class Breakage {
        private Breakage() {}

        static void before(int token, Script script) {
            if (token == script.crashAt()) {
                NativeCrash.now();
            }
            if (token == script.haltAt()) {
                Runtime.getRuntime().halt(3);
            }
            if (token == script.hangAt()) {
                hang();
            }
            if (token == script.outOfMemoryAt()) {
                throw new OutOfMemoryError("scripted");
            }
        }

        /** Deaf to cancellation and interruption, as native code is. */
        private static void hang() {
            while (true) {
                Thread.interrupted();
                LockSupport.parkNanos(1_000_000_000);
            }
        }
    }
}
