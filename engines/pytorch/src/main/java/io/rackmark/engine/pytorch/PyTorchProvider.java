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
import java.util.Set;

/** Finds out whether libtorch can be used here, and opens it. */
public final class PyTorchProvider implements EngineProvider {

    @Override
    public EngineDescription describe() {
        return new EngineDescription(
                "pytorch",
                "PyTorch",
                "PyTorch's C++ library (libtorch) in this process, bound by DJL. It runs a"
                        + " TorchScript program written for the model's configuration over the"
                        + " checkpoint's own safetensors. The shipped library computes on the CPU"
                        + " of Linux on x86-64.",
                Set.of(ModelFormat.SAFETENSORS),
                List.of(Precision.F32, Precision.BF16),
                CpuFlags.current().hasBfloat16()
                        ? List.of(Precision.F32, Precision.BF16)
                        : List.of(Precision.F32),
                PyTorchOptions.SPECS);
    }

    /** Looks at the shipped package only: unpacking and loading it takes seconds. */
    @Override
    public Availability probe(OptionValues values) {
        PyTorchOptions.of(values);
        try {
            NativePackage shipped = NativePackage.find();
            List<Fact> facts = new ArrayList<>(shipped.facts());
            facts.add(new Fact(Availability.NO_GPU, PyTorchEngine.CPU_ONLY));
            return new Availability.Available(
                    "libtorch " + shipped.version(), List.of(new Device("cpu", "CPU")), facts);
        } catch (UnusableLibraryException e) {
            return e.unavailable();
        }
    }

    @Override
    public Engine open(OptionValues values) {
        PyTorchOptions options = PyTorchOptions.of(values);
        try {
            LibTorch library = LibTorch.load();
            Decoder.prepare();
            return new PyTorchEngine(library, options);
        } catch (UnusableLibraryException e) {
            throw e.asEngineException();
        }
    }
}
