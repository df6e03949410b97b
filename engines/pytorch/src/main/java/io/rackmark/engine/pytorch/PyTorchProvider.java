package io.rackmark.engine.pytorch;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.Fact;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out whether libtorch can be used here, and opens it. */
public final class PyTorchProvider implements EngineProvider {
    static final List<Precision> PRECISIONS = List.of(Precision.F32, Precision.BF16, Precision.F16);

    @Override
    public EngineDescription describe() {
        return new EngineDescription(
                "pytorch",
                "PyTorch",
                "PyTorch's C++ library (libtorch) in this process, bound by DJL. It runs a"
                        + " TorchScript program written for the model's configuration over the"
                        + " checkpoint's own safetensors. The shipped library computes on the CPU"
                        + " of Linux on x86-64; a CUDA build of the same version is named by option"
                        + " lib.",
                Set.of(ModelFormat.SAFETENSORS),
                PRECISIONS,
                CpuFlags.current().hasBfloat16()
                        ? List.of(Precision.F32, Precision.BF16)
                        : List.of(Precision.F32),
                PyTorchOptions.SPECS);
    }

    /**
     * Looks at the package only: unpacking and loading it takes seconds, and is done only where
     * there is a GPU to be asked about.
     */
    @Override
    public Availability probe(OptionValues values) {
        PyTorchOptions options = PyTorchOptions.of(values);
        try {
            NativePackage shipped = NativePackage.find();
            Optional<OwnLibrary> own = options.library().map(OwnLibrary::of);
            TorchDevices gpus = TorchDevices.find(own);
            List<Fact> facts =
                    new ArrayList<>(own.map(OwnLibrary::facts).orElseGet(shipped::facts));
            gpus.whyNot().ifPresent(why -> facts.add(new Fact(Availability.NO_GPU, why)));
            List<Device> devices = new ArrayList<>(gpus.gpus());
            devices.add(new Device("cpu", "CPU"));
            return new Availability.Available(
                    "libtorch " + own.map(OwnLibrary::version).orElse(shipped.version()),
                    devices,
                    facts);
        } catch (UnusableLibraryException e) {
            return e.unavailable();
        }
    }

    @Override
    public Engine open(OptionValues values) {
        PyTorchOptions options = PyTorchOptions.of(values);
        try {
            LibTorch library = LibTorch.load(options.library());
            Decoder.prepare();
            return new PyTorchEngine(library, options);
        } catch (UnusableLibraryException e) {
            throw e.asEngineException();
        }
    }
}
