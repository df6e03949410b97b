package io.rackmark.runner.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.runner.plan.PlanException;
import io.rackmark.runner.plan.ServerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each preset would execute, word by word. */
class PresetsTest {
    private static final int PORT = 4321;

    @TempDir Path folder;

    private Path gguf = Path.of("");
    private Map<String, String> outer = Map.of();

    @BeforeEach
    void programs() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String name : List.of("llama-server", "ollama", "vllm", "python3", "trtllm-serve")) {
            assertThat(Files.createFile(bin.resolve(name)).toFile().setExecutable(true)).isTrue();
        }
        gguf = Files.createFile(folder.resolve("m.gguf"));
        outer = Map.of("PATH", bin.toString(), "HOME", "/home/u", "SOME_API_KEY", "k");
    }

    @Test
    void llamaServer() {
        assertThat(command("llama-server", gguf.toString(), Map.of()))
                .containsExactly(
                        bin("llama-server"),
                        "--model",
                        gguf.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "4321",
                        "--no-cache-prompt",
                        "--cache-ram",
                        "0");
        assertThat(
                        command(
                                "llama-server",
                                gguf.toString(),
                                Map.of(
                                        "context", "8192",
                                        "threads", "4",
                                        "max-sequences", "2",
                                        "device", "none",
                                        "kv-cache-dtype", "q8_0",
                                        "prefix-cache", "on")))
                .endsWith(
                        "--ctx-size",
                        "8192",
                        "--device",
                        "none",
                        "--cache-type-k",
                        "q8_0",
                        "--cache-type-v",
                        "q8_0",
                        "--parallel",
                        "2",
                        "--cache-prompt",
                        "--threads",
                        "4",
                        "--threads-batch",
                        "4");
    }

    @Test
    void ollama() {
        Launch launch =
                launch(
                        ServerPlan.of(
                                "ollama",
                                "qwen3:4b",
                                Map.of(
                                        "context", "8192",
                                        "max-sequences", "4",
                                        "flash-attention", "on",
                                        "kv-cache-dtype", "q8_0")));
        assertThat(launch.command()).containsExactly(bin("ollama"), "serve");
        assertThat(launch.environment())
                .containsEntry("OLLAMA_HOST", "127.0.0.1:4321")
                .containsEntry("OLLAMA_KEEP_ALIVE", "-1")
                .containsEntry("OLLAMA_CONTEXT_LENGTH", "8192")
                .containsEntry("OLLAMA_NUM_PARALLEL", "4")
                .containsEntry("OLLAMA_FLASH_ATTENTION", "on")
                .containsEntry("OLLAMA_KV_CACHE_TYPE", "q8_0");
    }

    @Test
    void vllm() {
        Launch launch =
                launch(
                        ServerPlan.of(
                                "vllm",
                                "Qwen/Qwen3-4B",
                                Map.of(
                                        "tensor-parallel", "2",
                                        "dtype", "bfloat16",
                                        "quantization", "fp8",
                                        "context", "8192",
                                        "max-sequences", "64",
                                        "gpus", "0,1")));
        assertThat(launch.command())
                .containsExactly(
                        bin("vllm"),
                        "serve",
                        "Qwen/Qwen3-4B",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "4321",
                        "--max-model-len",
                        "8192",
                        "--dtype",
                        "bfloat16",
                        "--max-num-seqs",
                        "64",
                        "--no-enable-prefix-caching",
                        "--quantization",
                        "fp8",
                        "--tensor-parallel-size",
                        "2");
        assertThat(launch.environment())
                .containsEntry("CUDA_VISIBLE_DEVICES", "0,1")
                .containsEntry("VLLM_NO_USAGE_STATS", "1");
    }

    @Test
    void sglang() {
        assertThat(
                        command(
                                "sglang",
                                "Qwen/Qwen3-4B",
                                Map.of("tensor-parallel", "2", "max-sequences", "64")))
                .containsExactly(
                        bin("python3"),
                        "-m",
                        "sglang.launch_server",
                        "--model-path",
                        "Qwen/Qwen3-4B",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "4321",
                        "--max-running-requests",
                        "64",
                        "--disable-radix-cache",
                        "--tp-size",
                        "2");
    }

    @Test
    void tensorRtLlm() {
        Launch launch =
                launch(
                        ServerPlan.of(
                                "tensorrt-llm",
                                "Qwen/Qwen3-4B",
                                Map.of(
                                        "tensor-parallel", "2",
                                        "dtype", "bfloat16",
                                        "kv-cache-dtype", "fp8",
                                        "max-sequences", "64")));
        assertThat(launch.command())
                .containsExactly(
                        bin("trtllm-serve"),
                        "Qwen/Qwen3-4B",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "4321",
                        "--max_batch_size",
                        "64",
                        "--tp_size",
                        "2",
                        "--extra_llm_api_options",
                        folder.resolve("server-config.yaml").toString());
        assertThat(launch.config())
                .isEqualTo(
                        "{\"dtype\":\"bfloat16\",\"kv_cache_config\":{\"dtype\":\"fp8\",\"enable_block_reuse\":false}}");
    }

    @Test
    void tinyGrad() {
        Launch launch =
                launch(
                        ServerPlan.of(
                                "tinygrad",
                                gguf.toString(),
                                Map.of("context", "1024", "device", "CPU", "threads", "2")));
        assertThat(launch.command())
                .containsExactly(
                        bin("python3"),
                        "-c",
                        "from tinygrad.llm import cli; serve = cli.LLMServer; cli.LLMServer ="
                                + " lambda address, *rest: serve(('127.0.0.1', address[1]), *rest);"
                                + " cli.main()",
                        "--model",
                        gguf.toString(),
                        "--serve",
                        "4321",
                        "--max_context",
                        "1024");
        assertThat(launch.environment())
                .containsEntry("DEV", "CPU")
                .containsEntry("CPU_COUNT", "2");
    }

    @Test
    void theSchemaOfPlansHasThePresets() {
        assertThat(
                        JsonMapper.shared()
                                .readTree(
                                        Path.of(System.getProperty("rackmark.source"))
                                                .resolve("results/schema/plan-v1.schema.json"))
                                .at(
                                        "/properties/systems/items/properties/server/properties/preset/enum")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactlyElementsOf(Presets.names());
    }

    @Test
    void everyDefaultIsAValueThatThePresetTakes() {
        for (String name : Presets.names()) {
            String model =
                    Presets.find(name).orElseThrow().model() == Preset.ModelKind.FILE
                            ? gguf.toString()
                            : "m";
            Map<String, Preset.Option> options = Presets.find(name).orElseThrow().options();
            Map<String, String> defaults = new java.util.TreeMap<>();
            options.forEach(
                    (option, how) -> {
                        if (how.unset() != null) {
                            defaults.put(option, how.unset());
                        }
                    });
            assertThat(ServerCheck.faults(ServerPlan.of(name, model, defaults), outer)).isEmpty();
        }
    }

    @Test
    void aServerInheritsNoSecretUnlessThePlanNamesIt() {
        ServerPlan plan =
                new ServerPlan(
                        "vllm",
                        List.of(),
                        "m",
                        Map.of(),
                        List.of("--enforce-eager", "{port}"),
                        Map.of("HF_TOKEN", "${SOME_API_KEY}"),
                        "",
                        0,
                        0,
                        10);
        Launch launch = launch(plan);
        assertThat(launch.environment())
                .containsEntry("HOME", "/home/u")
                .containsEntry("HF_TOKEN", "k")
                .doesNotContainKey("SOME_API_KEY");
        assertThat(launch.secrets()).containsExactly("k");
        assertThat(launch.shown()).containsEntry("HF_TOKEN", "${SOME_API_KEY}");
        assertThat(launch.command()).endsWith("--enforce-eager", "{port}");
    }

    @Test
    void whatAPlanGetsWrongIsToldAtOnceWithWhatIsKnown() {
        ServerPlan plan =
                new ServerPlan(
                        "vllm",
                        List.of(),
                        "-x",
                        Map.of("tensor-paralel", "2", "context", "many", "prefix-cache", "maybe"),
                        List.of("--api-key=abc"),
                        Map.of("HF_TOKEN", "hf_123", "A", "${NOT_SET}", "1B", "x"),
                        "",
                        0,
                        0,
                        10);
        assertThatThrownBy(() -> ServerSpec.of(plan, folder, outer))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("'tensor-paralel', which vLLM does not take; known: context,")
                .hasMessageContaining("server.options.context is 'many'; it must be a whole number")
                .hasMessageContaining("it must be one of off, on, server")
                .hasMessageContaining("'-x' looks like an option")
                .hasMessageContaining("--api-key puts a key on the command line")
                .hasMessageContaining("server.env.HF_TOKEN would keep a secret in the plan")
                .hasMessageContaining("${NOT_SET}, which is not set")
                .hasMessageContaining("'1B', which is no name")
                .hasMessageNotContaining("hf_123")
                .hasMessageNotContaining("abc");
    }

    @Test
    void anUnknownPresetAndAServerWithoutAnyAreToldTheKnownOnes() {
        String known = "llama-server, ollama, sglang, tensorrt-llm, tinygrad, vllm";
        assertThat(ServerCheck.faults(ServerPlan.of("vlm", "m", Map.of()), outer))
                .singleElement()
                .asString()
                .contains("'vlm'", known);
        assertThat(ServerCheck.faults(ServerPlan.of("", "m", Map.of()), outer))
                .singleElement()
                .asString()
                .contains("neither preset nor command", known);
        assertThat(ServerCheck.faults(ServerPlan.of("llama-server", "gone.gguf", Map.of()), outer))
                .singleElement()
                .asString()
                .contains("'gone.gguf' is no file");
        assertThat(
                        ServerCheck.faults(
                                ServerPlan.of("", "m", Map.of()).withCommand(List.of("serve")),
                                outer))
                .singleElement()
                .asString()
                .contains("write {port} in it");
    }

    @Test
    void aProgramThatIsNotHereIsToldWithItsRemedy() {
        ServerSpec spec =
                ServerSpec.of(
                        ServerPlan.of("vllm", "m", Map.of()), folder, Map.of("PATH", "/nowhere"));
        assertThatThrownBy(spec::requireProgram)
                .isInstanceOf(ServerException.class)
                .hasMessage(
                        "vLLM cannot be started: there is no program 'vllm'; install vLLM into a"
                                + " Python environment (pip install vllm) and name its program with"
                                + " 'command'")
                .extracting(e -> ((ServerException) e).kind())
                .isEqualTo(ServerException.Kind.UNAVAILABLE);
    }

    private List<String> command(String preset, String model, Map<String, String> options) {
        return launch(ServerPlan.of(preset, model, options)).command();
    }

    private Launch launch(ServerPlan plan) {
        return ServerSpec.of(plan, folder, outer).launch(PORT);
    }

    private String bin(String program) {
        return folder.resolve("bin").resolve(program).toString();
    }
}
