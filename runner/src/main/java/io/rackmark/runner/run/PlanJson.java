package io.rackmark.runner.run;

import io.rackmark.runner.plan.Plan;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
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

    /** One section; empty when it is not there. */
    static <T> Optional<T> part(String json, String name, Class<T> type) {
        JsonNode section = MAPPER.readTree(json).path(name);
        return section.isObject()
                ? Optional.of(MAPPER.treeToValue(section, type))
                : Optional.empty();
    }
}
