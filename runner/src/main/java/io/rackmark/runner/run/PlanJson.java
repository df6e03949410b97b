package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A plan as it is kept with its run. */
final class PlanJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    // Plans of earlier programs have one number where there is a list now.
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private PlanJson() {}

    static String write(Plan plan) {
        return MAPPER.writeValueAsString(plan);
    }

    static Plan read(String json) {
        return MAPPER.readValue(json, Plan.class);
    }
}
