package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import java.nio.file.Path;
import java.util.Arrays;
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

    private static final String SERVER = "/properties/systems/items/properties/server";

    @Test
    void theSchemaHasTheKeysOfTheReader() {
        assertThat(keys(SCHEMA)).isEqualTo(PlanReader.PLAN_KEYS);
        assertThat(keys(SCHEMA.at("/properties/systems/items"))).isEqualTo(PlanReader.SYSTEM_KEYS);
        assertThat(keys(SCHEMA.at(SERVER))).isEqualTo(ServerPlanReader.SERVER_KEYS);
        assertThat(keys(SCHEMA.at(SERVER + "/properties/ready")))
                .isEqualTo(ServerPlanReader.READY_KEYS);
        assertThat(keys(SCHEMA.at("/properties/speed"))).isEqualTo(PlanReader.SPEED_KEYS);
        assertThat(keys(SCHEMA.at("/properties/sql"))).isEqualTo(PlanReader.SQL_KEYS);
        assertThat(keys(SCHEMA.at("/properties/energy"))).isEqualTo(PlanReader.ENERGY_KEYS);
        assertThat(keys(SCHEMA.at("/properties/agent"))).isEqualTo(PlanReader.AGENT_KEYS);
        assertThat(keys(SCHEMA.at("/properties/schedule"))).isEqualTo(PlanReader.SCHEDULE_KEYS);
        assertThat(keys(SCHEMA.at("/properties/cost"))).isEqualTo(CostPlanReader.COST_KEYS);
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
        assertThat(SCHEMA.at(SERVER + "/properties/stop/default").asInt())
                .isEqualTo(ServerPlanReader.STOP_SECONDS);
        EnergyPlan energy = Defaults.energy();
        assertThat(number("/properties/energy/properties/idle-seconds"))
                .isEqualTo(energy.idleSeconds());
        assertThat(SCHEMA.at("/properties/energy/properties/meters/default").asString())
                .isEqualTo(energy.meters().getFirst());
        assertThat(SCHEMA.at("/$defs/meter/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(EnergyPlan.METERS);
    }

    @Test
    void theSchemaHasTheDefaultsOfLoadAndCost() {
        AgentPlan agent = Defaults.agent();
        assertThat(numbers("/properties/agent/properties/concurrency"))
                .isEqualTo(agent.concurrency());
        assertThat(number("/properties/agent/properties/rounds")).isEqualTo(agent.rounds());
        assertThat(number("/properties/agent/properties/repeats")).isEqualTo(agent.sql().repeats());
        assertThat(amount("years")).isEqualTo(Defaults.COST_YEARS);
        assertThat(amount("utilisation")).isEqualTo(Defaults.COST_UTILISATION);
        assertThat(amount("pue")).isEqualTo(Defaults.COST_PUE);
        assertThat(amount("ops")).isEqualTo(Defaults.COST_OPS);
        assertThat(SCHEMA.at("/properties/cost/properties/currency/default").asString())
                .isEqualTo(Defaults.CURRENCY);
    }

    @Test
    void theSchemaHasEveryPrecision() {
        assertThat(SCHEMA.at("/$defs/precision/enum").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Precision.values()).map(Precision::label).toList());
    }

    private static double amount(String key) {
        return SCHEMA.at("/properties/cost/properties/" + key + "/default").asDouble();
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
