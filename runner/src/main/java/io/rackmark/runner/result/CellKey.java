package io.rackmark.runner.result;

/**
 * One worker process: one system, one workload, one repeat.
 *
 * @param system id of the {@link SystemUnderTest}
 * @param workload {@code speed}, {@code sql}, {@code agent} or {@code load}
 * @param repeat from 1
 */
public record CellKey(String system, String workload, int repeat) {
    @Override
    public String toString() {
        return system + " " + workload + " #" + repeat;
    }
}
