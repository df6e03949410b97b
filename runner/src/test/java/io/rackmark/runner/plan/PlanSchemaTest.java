package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema says the same as the reader. */
class PlanSchemaTest {
    private static final JsonNode SCHEMA =
            JsonMapper.shared()
                    .readTree(
                            Path.of(System.getProperty("rackmark.source"))
                                    .resolve("results/schema/plan-v1.schema.json"));

    @Test
    void theSchemaHasTheKeysOfTheReader() {
        assertThat(keys(SCHEMA)).isEqualTo(PlanReader.PLAN_KEYS);
        assertThat(keys(SCHEMA.at("/properties/systems/items"))).isEqualTo(PlanReader.SYSTEM_KEYS);
        assertThat(keys(SCHEMA.at("/properties/speed"))).isEqualTo(PlanReader.SPEED_KEYS);
        assertThat(keys(SCHEMA.at("/properties/sql"))).isEqualTo(PlanReader.SQL_KEYS);
        assertThat(keys(SCHEMA.at("/properties/energy"))).isEqualTo(PlanReader.ENERGY_KEYS);
    }

    @Test
    void theSchemaHasTheDefaultsOfTheReader() {
        SpeedPlan speed = Defaults.speedWorkload();
        assertThat(number("/properties/speed/properties/repeats")).isEqualTo(speed.repeats());
        assertThat(numbers("/properties/speed/properties/prompt-tokens"))
                .isEqualTo(speed.promptTokens());
        assertThat(numbers("/properties/speed/properties/output-tokens"))
                .isEqualTo(speed.outputTokens());
        assertThat(numbers("/properties/speed/properties/depth")).isEqualTo(speed.depths());
        assertThat(numbers("/properties/speed/properties/concurrency"))
                .isEqualTo(speed.concurrency());
        assertThat(number("/properties/speed/properties/steady-percent"))
                .isEqualTo(speed.steadyPercent());
        assertThat(number("/properties/speed/properties/requests")).isEqualTo(speed.requests());
        assertThat(number("/properties/speed/properties/warm-ups")).isEqualTo(speed.warmUps());
        SqlPlan sql = Defaults.sql();
        assertThat(number("/properties/sql/properties/repeats")).isEqualTo(sql.repeats());
        assertThat(number("/properties/sql/properties/max-repairs")).isEqualTo(sql.maxRepairs());
        assertThat(number("/properties/sql/properties/max-tokens")).isEqualTo(sql.maxTokens());
        assertThat(SCHEMA.at("/properties/sql/properties/strategy/default").asString())
                .isEqualTo(sql.strategy());
        EnergyPlan energy = Defaults.energy();
        assertThat(number("/properties/energy/properties/idle-seconds"))
                .isEqualTo(energy.idleSeconds());
        assertThat(SCHEMA.at("/properties/energy/properties/meters/default").asString())
                .isEqualTo(energy.meters().getFirst());
        assertThat(SCHEMA.at("/$defs/meter/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(PlanCheck.METERS);
    }

    private static int number(String pointer) {
        return SCHEMA.at(pointer + "/default").asInt();
    }

    private static List<Integer> numbers(String pointer) {
        return SCHEMA.at(pointer + "/default").valueStream().map(JsonNode::asInt).toList();
    }

    private static Set<String> keys(JsonNode object) {
        return new TreeSet<>(object.path("properties").propertyNames());
    }
}
