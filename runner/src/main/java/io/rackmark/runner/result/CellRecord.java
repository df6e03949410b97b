package io.rackmark.runner.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one worker process yielded besides its requests. A failed cell is a record like any other.
 *
 * @param key which cell
 * @param state how it ended
 * @param lifeCycle stages of its start; null when it did not come that far
 * @param memory memory of the worker; null when it did not come that far
 * @param failure set if and only if the state is {@code FAILED}
 * @param facts of the engine build and the loaded model
 * @param flags cautions for this cell
 */
public record CellRecord(
        CellKey key,
        State state,
        @Nullable LifeCycle lifeCycle,
        @Nullable Memory memory,
        @Nullable Failure failure,
        List<Property> facts,
        List<Flag> flags) {

    /** Name of the fact that tells when the cell began, as an ISO-8601 instant, UTC. */
    public static final String BEGUN = "begun";

    /** Name of the fact that tells when a dropped cell was due, in the same form. */
    public static final String DUE = "due";

    public enum State {
        PENDING,
        RUNNING,
        DONE,
        FAILED,
        /** Never begun: its time had passed. */
        DROPPED
    }

    /**
     * Why a cell failed.
     *
     * @param kind {@code CRASH}, {@code HANG}, {@code OUT_OF_MEMORY}, {@code PROTOCOL}, {@code
     *     START} or an engine's kind
     * @param message one sentence
     * @param request label of the request that was running; null when none was
     * @param log last lines the native library and the worker wrote
     */
    public record Failure(String kind, String message, @Nullable String request, List<String> log) {
        public Failure {
            log = List.copyOf(log);
        }
    }

    public CellRecord {
        facts = List.copyOf(facts);
        flags = List.copyOf(flags);
        if ((failure != null) != (state == State.FAILED)) {
            throw new IllegalArgumentException("a cell has a failure exactly when it failed");
        }
    }

    /** The same with one more fact. */
    public CellRecord with(Property fact) {
        List<Property> more = new ArrayList<>(facts);
        more.add(fact);
        return new CellRecord(key, state, lifeCycle, memory, failure, more, flags);
    }

    /** The value of this fact. */
    public Optional<String> fact(String name) {
        return facts.stream()
                .filter(fact -> fact.name().equals(name))
                .map(Property::value)
                .findFirst();
    }

    /** A cell that has not begun. */
    public static CellRecord pending(CellKey key) {
        return new CellRecord(key, State.PENDING, null, null, null, List.of(), List.of());
    }

    /** A cell that will not begin. */
    public static CellRecord dropped(CellKey key) {
        return new CellRecord(key, State.DROPPED, null, null, null, List.of(), List.of());
    }
}
