package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.rackmark.engine.Device;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.decoder.cuda.CudaDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs that a library of ONNX Runtime can compute on here.
 *
 * @param whyNot reason and remedy in one sentence; nothing when there are devices
 */
record Gpus(List<Device> devices, Optional<String> whyNot) {
    static final String CPU_BUILD =
            "this build of ONNX Runtime computes on the CPU only; start Rackmark with"
                    + " RACKMARK_CUDA=1 to build it for NVIDIA GPUs, or take --device cpu";

    Gpus {
        devices = List.copyOf(devices);
    }

    /**
     * Looks at the build, then asks the driver, and only then has ONNX Runtime load the provider,
     * which takes half a gigabyte.
     */
    static Gpus find(OrtLibrary library, Provider provider) {
        if (!OrtEnvironment.getAvailableProviders().contains(provider.provider())) {
            return none(CPU_BUILD);
        }
        return switch (CudaDriver.ask()) {
            case CudaDriver.Answer.None(String reason) ->
                    none("%s; %s, or take --device cpu".formatted(reason, CudaDriver.REMEDY));
            case CudaDriver.Answer.Gpus(List<String> names) ->
                    tried(library, provider)
                            .map(Gpus::none)
                            .orElseGet(() -> new Gpus(devices(names), Optional.empty()));
        };
    }

    private static Gpus none(String why) {
        return new Gpus(List.of(), Optional.of(why));
    }

    private static List<Device> devices(List<String> names) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            devices.add(new Device("cuda:" + i, names.get(i)));
        }
        return devices;
    }

    /** Why the provider cannot be loaded; the message names the first library that is missing. */
    private static Optional<String> tried(OrtLibrary library, Provider provider) {
        try (SessionOptions options = new SessionOptions()) {
            library.unpackGpuProviders();
            ExecutionProviders.tryOn(options, provider);
            return Optional.empty();
        } catch (OrtException e) {
            return Optional.of(
                    "%s cannot be loaded: %s; install what it names, or add its folder to"
                                    .formatted(provider.title(), OrtFailures.loaderWords(e))
                            + " LD_LIBRARY_PATH (docs/how-to/platforms.md), or take --device cpu");
        } catch (EngineException e) {
            return Optional.of(e.getMessage() + "; or take --device cpu");
        }
    }

    /**
     * Refuses what cannot be used.
     *
     * @throws EngineException of kind {@code UNAVAILABLE} with the reason
     */
    static void require(OrtLibrary library, Target target) {
        if (!target.onGpu()) {
            return;
        }
        Gpus gpus = find(library, target.provider());
        String why =
                gpus.whyNot()
                        .orElseGet(
                                () ->
                                        target.gpu() < gpus.devices().size()
                                                ? ""
                                                : "there are %d GPUs, numbered from 0"
                                                        .formatted(gpus.devices().size()));
        if (!why.isEmpty()) {
            throw new EngineException(
                    Kind.UNAVAILABLE, "device %s: %s".formatted(target.device(), why));
        }
    }
}
