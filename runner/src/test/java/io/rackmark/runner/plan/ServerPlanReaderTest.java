package io.rackmark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import tools.jackson.databind.json.JsonMapper;

class ServerPlanReaderTest {
    private final List<String> faults = new ArrayList<>();

    @Test
    void everyKeyIsRead() {
        ServerPlan plan =
                read(
                        """
                        preset: vllm
                        command: [/opt/vllm/bin/vllm]
                        model: Qwen/Qwen3-4B
                        options: {tensor-parallel: 2, prefix-cache: on}
                        args: [--enforce-eager]
                        env: {HF_TOKEN: "${HF_TOKEN}"}
                        ready: {path: /v1/models, seconds: 900}
                        port: 8123
                        stop: 30
                        """);
        assertThat(faults).isEmpty();
        assertThat(plan)
                .isEqualTo(
                        new ServerPlan(
                                "vllm",
                                List.of("/opt/vllm/bin/vllm"),
                                "Qwen/Qwen3-4B",
                                Map.of("tensor-parallel", "2", "prefix-cache", "on"),
                                List.of("--enforce-eager"),
                                Map.of("HF_TOKEN", "${HF_TOKEN}"),
                                "/v1/models",
                                900,
                                8123,
                                30));
    }

    @Test
    void whatIsLeftOutHasDefaults() {
        assertThat(read("{preset: ollama, model: 'qwen3:4b'}"))
                .isEqualTo(ServerPlan.of("ollama", "qwen3:4b", Map.of()));
    }

    @Test
    void aSystemWithAServerIsOneAtAnEndpointAndKeepsItsServerInTheStoredPlan() {
        Plan plan =
                PlanReader.parse(
                        "plan.yaml", "systems: [{server: {preset: ollama, model: 'qwen3:4b'}}]");
        ServerPlan server = ServerPlan.of("ollama", "qwen3:4b", Map.of());
        assertThat(plan.systems())
                .containsExactly(SystemPlan.remote(RemotePlan.of(server), "qwen3:4b"));
        assertThat(PlanCheck.faults(plan)).isEmpty();
        JsonMapper mapper = JsonMapper.shared();
        assertThat(mapper.readValue(mapper.writeValueAsString(plan), Plan.class)).isEqualTo(plan);
    }

    @Test
    void whatBelongsIntoTheServerIsRefusedBesideIt() {
        assertThatThrownBy(
                        () ->
                                PlanReader.parse(
                                        "plan.yaml",
                                        "systems: [{threads: 2, server: {command: [x]}}]"))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("systems[0].threads does not go with 'server'");
    }

    @Test
    void everyFaultOfTheFormIsToldWithItsPlace() {
        read("{presett: vllm, port: 70000, stop: soon, ready: /health, env: [A]}");
        assertThat(faults)
                .hasSize(5)
                .anyMatch(f -> f.contains("unknown key 'presett'") && f.contains("preset,"))
                .anyMatch(f -> f.contains("server.port must be a whole number from 1 to 65535"))
                .anyMatch(f -> f.contains("server.stop must be"))
                .anyMatch(f -> f.contains("server.ready must be a mapping"))
                .anyMatch(f -> f.contains("server.env must map"))
                .allMatch(f -> f.matches("plan\\.yaml:1:\\d+: .*"));
    }

    private ServerPlan read(String yaml) {
        LoadSettings settings = LoadSettings.builder().build();
        return ServerPlanReader.read(
                new YamlMap(
                        "plan.yaml",
                        "server",
                        new Compose(settings).composeString(yaml).orElseThrow(),
                        ServerPlanReader.SERVER_KEYS,
                        faults));
    }
}
