package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Fact;
import io.rackmark.engine.onnxruntime.binding.NativeSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is kept with the results of a loaded model. */
record ModelReport(WeightFiles weights, OrtModel.Settings settings, OrtModel model) {

    List<Fact> facts() {
        OnnxRuntimeOptions options = settings.options();
        Target target = settings.target();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("graph", String.valueOf(weights.graph().getFileName())));
        facts.add(new Fact("execution-provider", target.provider().title()));
        facts.add(new Fact("binding", target.binding().name().toLowerCase(Locale.ROOT)));
        facts.add(new Fact("threads", String.valueOf(settings.threads())));
        facts.add(new Fact("optimization", options.optimization().label()));
        facts.add(new Fact("spin", String.valueOf(options.spin())));
        facts.add(new Fact("prepack", String.valueOf(options.prepack())));
        facts.add(new Fact("kv-cache", model.graph().sharesBuffers() ? "in place" : "copied"));
        facts.add(new Fact("model-bytes", String.valueOf(weights.bytes())));
        facts.add(
                new Fact("model-bytes-in-checkpoint", String.valueOf(weights.bytesInCheckpoint())));
        model.bound().ifPresent(bound -> facts.add(new Fact("placement", placement(bound))));
        if (target.onGpu()) {
            facts.add(new Fact("tf32", String.valueOf(options.gpu().tf32())));
        }
        if (target.provider() == Provider.TENSORRT) {
            facts.add(new Fact("tensorrt", GpuOptions.label(options.gpu().tensorRt())));
        }
        return facts;
    }

    private static String placement(NativeSession bound) {
        try {
            return bound.placement().summary();
        } catch (OrtException e) {
            throw new EngineException(
                    Kind.INTERNAL,
                    "ONNX Runtime does not tell where its nodes went: " + OrtFailures.words(e),
                    e);
        }
    }
}
