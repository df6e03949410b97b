package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import tools.jackson.databind.json.JsonMapper;

/** A plan as it is kept with its run. */
final class PlanJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private PlanJson() {}

    static String write(Plan plan) {
        return MAPPER.writeValueAsString(plan);
    }

    static Plan read(String json) {
        return MAPPER.readValue(json, Plan.class);
    }
}
