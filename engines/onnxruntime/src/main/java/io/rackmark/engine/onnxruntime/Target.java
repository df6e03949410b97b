package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.onnxruntime.GpuOptions.Binding;
import io.rackmark.engine.onnxruntime.binding.Place;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What computes, where, and how it is fed: options and device brought together.
 *
 * @param gpu number of the GPU; 0 on the CPU
 */
record Target(Provider provider, int gpu, Binding binding) {
    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,4})");

    /**
     * @param device of a plan
     * @throws EngineException of kind {@code BAD_OPTION} when options and device contradict each
     *     other, {@code UNAVAILABLE} when there is no such kind of device
     */
    static Target of(GpuOptions options, String device) {
        if (device.equals("cpu")) {
            Provider provider = options.provider().orElse(Provider.CPU);
            if (provider != Provider.CPU) {
                throw contradiction(provider, device, "name a GPU with --device cuda:0");
            }
            return new Target(Provider.CPU, 0, options.binding().orElse(Binding.JAVA));
        }
        Matcher matcher = CUDA.matcher(device);
        if (!matcher.matches()) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "ONNX Runtime knows no device '%s' here; it computes on cpu, and on cuda:0 and so"
                                    .formatted(device)
                            + " on; take --device cpu or one of these");
        }
        Provider provider = options.provider().orElse(Provider.CUDA);
        if (provider == Provider.CPU) {
            throw contradiction(provider, device, "leave the option out or take --device cpu");
        }
        if (options.binding().orElse(Binding.IO) != Binding.IO) {
            throw bad(
                    "option 'binding' is java, but on device %s keys and values stay on the GPU;"
                                    .formatted(device)
                            + " take io or leave the option out");
        }
        return new Target(provider, Integer.parseInt(matcher.group(1)), Binding.IO);
    }

    boolean onGpu() {
        return provider != Provider.CPU;
    }

    Place place() {
        return onGpu() ? Place.cuda(gpu) : Place.CPU;
    }

    String device() {
        return onGpu() ? "cuda:" + gpu : "cpu";
    }

    private static EngineException contradiction(Provider provider, String device, String remedy) {
        return bad(
                "option 'provider' is %s, but the device is %s; %s"
                        .formatted(provider.label(), device, remedy));
    }

    private static EngineException bad(String what) {
        return new EngineException(Kind.BAD_OPTION, "engine onnxruntime: " + what);
    }
}
