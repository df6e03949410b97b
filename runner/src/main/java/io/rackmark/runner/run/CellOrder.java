package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.result.CellKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of cells: repeat by repeat, and inside a repeat system after system, so that a slow
 * minute of the machine falls on all systems alike. Without cells that ask questions, which load
 * with a warm page cache, each speed cell is followed by one that does only that.
 */
final class CellOrder {
    private CellOrder() {}

    static List<CellKey> of(Plan plan, List<String> systems) {
        int speed = plan.speed() == null ? 0 : plan.speed().repeats();
        int sql = plan.sql() == null ? 0 : plan.sql().repeats();
        int agent = plan.agent() == null ? 0 : plan.agent().sql().repeats();
        List<CellKey> cells = new ArrayList<>();
        for (int repeat = 1; repeat <= Math.max(speed, Math.max(sql, agent)); repeat++) {
            for (String system : repeat <= speed ? systems : List.<String>of()) {
                cells.add(new CellKey(system, "speed", repeat));
                if (sql == 0 && agent == 0) {
                    cells.add(new CellKey(system, "load", repeat));
                }
            }
            for (String system : repeat <= sql ? systems : List.<String>of()) {
                cells.add(new CellKey(system, "sql", repeat));
            }
            for (String system : repeat <= agent ? systems : List.<String>of()) {
                cells.add(new CellKey(system, "agent", repeat));
            }
        }
        return cells;
    }
}
