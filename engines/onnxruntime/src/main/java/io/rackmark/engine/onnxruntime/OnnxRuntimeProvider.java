package io.rackmark.engine.onnxruntime;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Engine;
import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineProvider;
import io.rackmark.engine.Fact;
import io.rackmark.engine.ModelFormat;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds out whether ONNX Runtime can be used here, and opens it. */
public final class OnnxRuntimeProvider implements EngineProvider {

    private static final EngineDescription DESCRIPTION =
            new EngineDescription(
                    "onnxruntime",
                    "ONNX Runtime",
                    "ONNX Runtime in this process: on the CPU by its Java API, on NVIDIA GPUs by"
                        + " its C API with keys and values in the GPU's memory. The native library"
                        + " comes with the Maven artifact com.microsoft.onnxruntime:onnxruntime,"
                        + " for GPUs onnxruntime_gpu. The graphs are written by Rackmark from the"
                        + " checkpoint; exports with past_key_values inputs and present outputs"
                        + " load too.",
                    Set.of(ModelFormat.ONNX),
                    List.of(Precision.F32, Precision.INT8, Precision.INT4, Precision.F16),
                    List.of(Precision.F32),
                    OnnxRuntimeOptions.SPECS);

    @Override
    public EngineDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public Availability probe(OptionValues options) {
        GpuOptions gpu = OnnxRuntimeOptions.of(options).gpu();
        try {
            OrtLibrary library = OrtLibrary.load();
            Gpus gpus =
                    Gpus.find(
                            library,
                            gpu.provider().filter(p -> p != Provider.CPU).orElse(Provider.CUDA));
            List<Fact> facts = new ArrayList<>(library.facts());
            gpus.whyNot().ifPresent(why -> facts.add(new Fact(Availability.NO_GPU, why)));
            List<Device> devices = new ArrayList<>(gpus.devices());
            devices.add(new Device("cpu", "CPU"));
            return new Availability.Available(library.version(), devices, facts);
        } catch (EngineException e) {
            return new Availability.Unavailable(
                    String.valueOf(e.getMessage()), "install Rackmark again on a supported system");
        }
    }

    @Override
    public Engine open(OptionValues values) {
        OnnxRuntimeOptions options = OnnxRuntimeOptions.of(values);
        Decoder.prepare();
        return new OnnxRuntimeEngine(OrtLibrary.load(), options);
    }
}
