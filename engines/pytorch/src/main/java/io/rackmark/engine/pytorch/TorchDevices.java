package io.rackmark.engine.pytorch;

import ai.djl.pytorch.jni.JniUtils;
import io.rackmark.engine.Device;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.decoder.cuda.CudaDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GPUs that a libtorch can compute on here.
 *
 * @param whyNot reason and remedy in one sentence; nothing when there are GPUs
 */
record TorchDevices(List<Device> gpus, Optional<String> whyNot) {
    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

    static final String CPU_ONLY =
            "this libtorch is built for the CPU alone; name the folder of a libtorch %s for CUDA in"
                            .formatted(OwnLibrary.BINDING)
                    + " option lib, or take --device cpu";

    TorchDevices {
        gpus = List.copyOf(gpus);
    }

    /**
     * Looks at the build, then asks the driver, and only then loads the library.
     *
     * @param own nothing for the shipped library, which knows no GPU
     * @throws UnusableLibraryException when there is a GPU and the library cannot be loaded
     */
    static TorchDevices find(Optional<OwnLibrary> own) {
        if (!own.map(OwnLibrary::cuda).orElse(false)) {
            return none(CPU_ONLY);
        }
        return switch (CudaDriver.ask()) {
            case CudaDriver.Answer.None(String reason) -> none(driverless(reason));
            case CudaDriver.Answer.Gpus(List<String> names) -> {
                LibTorch.load(own.map(OwnLibrary::directory));
                yield usable()
                        ? new TorchDevices(devices(names), Optional.empty())
                        : none(
                                "libtorch finds no GPU it can use, though the driver shows "
                                        + String.join(", ", names)
                                        + "; take a driver that is as new as the library's CUDA, or"
                                        + " --device cpu");
            }
        };
    }

    private static TorchDevices none(String why) {
        return new TorchDevices(List.of(), Optional.of(why));
    }

    private static String driverless(String reason) {
        return "%s; %s, or take --device cpu".formatted(reason, CudaDriver.REMEDY);
    }

    /** {@code torch::cuda::is_available()}, which DJL tells among the features. */
    private static boolean usable() {
        return JniUtils.getFeatures().contains("CUDA");
    }

    private static List<Device> devices(List<String> names) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            devices.add(new Device("cuda:" + i, names.get(i)));
        }
        return devices;
    }

    /**
     * The device of a plan in DJL's words.
     *
     * @throws EngineException of kind {@code UNAVAILABLE} with reason and remedy
     */
    static ai.djl.Device require(LibTorch library, String id) {
        if (id.equals("cpu")) {
            return ai.djl.Device.cpu();
        }
        TorchDevices found = find(library.own().map(OwnLibrary::of));
        boolean known = found.gpus().stream().anyMatch(gpu -> gpu.id().equals(id));
        Matcher matcher = CUDA.matcher(id);
        if (!known || !matcher.matches()) {
            throw new EngineException(
                    Kind.UNAVAILABLE,
                    "PyTorch cannot compute on device '%s' with %s: %s"
                            .formatted(
                                    id,
                                    library.directory(),
                                    found.whyNot()
                                            .orElseGet(
                                                    () ->
                                                            "known are cpu, "
                                                                    + String.join(
                                                                            ", ",
                                                                            found.gpus().stream()
                                                                                    .map(Device::id)
                                                                                    .toList()))));
        }
        return ai.djl.Device.gpu(Integer.parseInt(matcher.group(1)));
    }

    /** As in plans. */
    static String id(ai.djl.Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }
}
