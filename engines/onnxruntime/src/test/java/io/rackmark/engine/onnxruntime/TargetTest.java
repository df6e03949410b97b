package io.rackmark.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.onnxruntime.GpuOptions.Binding;
import io.rackmark.engine.onnxruntime.binding.Place;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How options and device go together. */
class TargetTest {

    private static Target target(String device, String... options) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            given.put(options[i], options[i + 1]);
        }
        return Target.of(
                GpuOptions.of(OptionValues.parse(new OnnxRuntimeProvider().describe(), given)),
                device);
    }

    private static void refused(Kind kind, String words, String device, String... options) {
        assertThatThrownBy(() -> target(device, options))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void cpuTakesTheJavaApiUnlessBindingIsAskedFor() {
        assertThat(target("cpu")).isEqualTo(new Target(Provider.CPU, 0, Binding.JAVA));
        assertThat(target("cpu", "provider", "cpu", "binding", "io"))
                .isEqualTo(new Target(Provider.CPU, 0, Binding.IO));
        assertThat(target("cpu").place()).isEqualTo(Place.CPU);
    }

    @Test
    void gpuTakesCudaAndKeepsItsMemory() {
        assertThat(target("cuda:1")).isEqualTo(new Target(Provider.CUDA, 1, Binding.IO));
        assertThat(target("cuda:0", "provider", "tensorrt"))
                .isEqualTo(new Target(Provider.TENSORRT, 0, Binding.IO));
        assertThat(target("cuda:1").place()).isEqualTo(Place.cuda(1));
        assertThat(target("cuda:1").device()).isEqualTo("cuda:1");
    }

    @Test
    void contradictionsAreBadOptions() {
        refused(Kind.BAD_OPTION, "name a GPU with --device cuda:0", "cpu", "provider", "cuda");
        refused(Kind.BAD_OPTION, "the device is cuda:0", "cuda:0", "provider", "cpu");
        refused(Kind.BAD_OPTION, "take io", "cuda:0", "binding", "java");
    }

    @Test
    void wrongValuesAreToldWithTheAllowedOnes() {
        refused(Kind.BAD_OPTION, "cpu, cuda, tensorrt", "cpu", "provider", "rocm");
        refused(Kind.BAD_OPTION, "java, io", "cpu", "binding", "ffm");
        refused(Kind.BAD_OPTION, "basic, optimised", "cuda:0", "tensorrt", "fast");
    }

    @Test
    void otherKindsOfDevicesAreUnavailable() {
        for (String device :
                new String[] {"metal", "cuda", "cuda:", "cuda:-1", "cuda:99999999999"}) {
            refused(Kind.UNAVAILABLE, "knows no device '" + device + "'", device);
        }
    }

    @Test
    void buildForTheCpuSaysHowToGetOneForGpus() {
        assertThatThrownBy(() -> Gpus.require(OrtLibrary.load(), target("cuda:0")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(
                        "device cuda:0: this build of ONNX Runtime computes on the CPU")
                .hasMessageContaining("RACKMARK_CUDA=1");
    }
}
