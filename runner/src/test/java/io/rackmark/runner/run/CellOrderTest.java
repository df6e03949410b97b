package io.rackmark.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.plan.Plan;
import io.rackmark.runner.plan.SpeedPlan;
import io.rackmark.runner.plan.SqlPlan;
import io.rackmark.runner.result.CellKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellOrderTest {
    @Test
    void systemsAreInterleavedRepeatByRepeat() {
        SqlPlan sql = Defaults.sql();
        Plan plan =
                new Plan(
                        "p",
                        List.of(),
                        new SpeedPlan(2, 8, 8, 1, 0),
                        new SqlPlan(
                                1,
                                sql.questions(),
                                sql.database(),
                                sql.strategy(),
                                sql.schema(),
                                false,
                                0,
                                8,
                                0));

        assertThat(CellOrder.of(plan, List.of("A", "B")))
                .containsExactly(
                        new CellKey("A", "speed", 1),
                        new CellKey("B", "speed", 1),
                        new CellKey("A", "sql", 1),
                        new CellKey("B", "sql", 1),
                        new CellKey("A", "speed", 2),
                        new CellKey("B", "speed", 2));
    }

    @Test
    void withoutSqlEachSystemAlsoLoadsWithAWarmPageCache() {
        Plan plan = new Plan("p", List.of(), new SpeedPlan(1, 8, 8, 1, 0), null);

        assertThat(CellOrder.of(plan, List.of("A", "B")))
                .containsExactly(
                        new CellKey("A", "speed", 1),
                        new CellKey("A", "load", 1),
                        new CellKey("B", "speed", 1),
                        new CellKey("B", "load", 1));
    }
}
