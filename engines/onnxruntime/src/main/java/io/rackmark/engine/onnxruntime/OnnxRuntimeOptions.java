package io.rackmark.engine.onnxruntime;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.OptionSpec;
import io.rackmark.engine.OptionValues;
import io.rackmark.model.onnx.GraphForm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * @param graph which of the graphs beside each other is loaded; nothing leaves it to the device
 * @param optimization how far ONNX Runtime rewrites the graph when it loads it
 * @param spin whether compute threads wait busily for work
 * @param prepack whether weights are copied into the matrix kernels' own layout
 * @param chunk most tokens in one prefill call
 */
record OnnxRuntimeOptions(
        Optional<GraphForm> graph,
        Optimization optimization,
        boolean spin,
        boolean prepack,
        int chunk,
        GpuOptions gpu) {

    /** Names of ONNX Runtime's levels in plans. */
    enum Optimization {
        OFF(OptLevel.NO_OPT),
        BASIC(OptLevel.BASIC_OPT),
        EXTENDED(OptLevel.EXTENDED_OPT),
        ALL(OptLevel.ALL_OPT);

        private final OptLevel level;

        Optimization(OptLevel level) {
            this.level = level;
        }

        OptLevel level() {
            return level;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MAX_CHUNK = 65_536;

    private static final List<OptionSpec> GENERAL =
            List.of(
                    new OptionSpec(
                            "graph",
                            OptionSpec.Kind.TEXT,
                            null,
                            "operators of the graph: contrib (ONNX Runtime's own, the default),"
                                    + " contrib-exact (int8 and int4 with 32-bit activations),"
                                    + " portable-21 (the default of f32 on GPUs) or portable-23"
                                    + " (the ONNX standard's of that opset, f32)"),
                    new OptionSpec(
                            "optimization",
                            OptionSpec.Kind.TEXT,
                            Optimization.ALL.label(),
                            "graph rewriting at load: off, basic, extended or all"),
                    new OptionSpec(
                            "spin",
                            OptionSpec.Kind.SWITCH,
                            "true",
                            "whether compute threads wait busily, which is fast on an idle machine"
                                    + " and slow on a shared one"),
                    new OptionSpec(
                            "prepack",
                            OptionSpec.Kind.SWITCH,
                            "true",
                            "whether weights are copied into the layout of the matrix kernels;"
                                    + " false saves that memory"),
                    new OptionSpec(
                            "chunk",
                            OptionSpec.Kind.COUNT,
                            "512",
                            "most tokens in one prefill call, 1 to " + MAX_CHUNK));

    static final List<OptionSpec> SPECS =
            Stream.concat(GENERAL.stream(), GpuOptions.SPECS.stream()).toList();

    static OnnxRuntimeOptions of(OptionValues values) {
        int chunk = values.count("chunk", 0);
        if (chunk < 1 || chunk > MAX_CHUNK) {
            throw wrong("chunk", String.valueOf(chunk), "1 to " + MAX_CHUNK);
        }
        return new OnnxRuntimeOptions(
                values.text("graph").map(OnnxRuntimeOptions::graph),
                optimization(values.text("optimization").orElseThrow()),
                values.on("spin"),
                values.on("prepack"),
                chunk,
                GpuOptions.of(values));
    }

    private static GraphForm graph(String label) {
        return GraphForm.of(label).orElseThrow(() -> wrong("graph", label, graphs()));
    }

    private static Optimization optimization(String label) {
        return Arrays.stream(Optimization.values())
                .filter(level -> level.label().equals(label))
                .findFirst()
                .orElseThrow(() -> wrong("optimization", label, "off, basic, extended, all"));
    }

    private static String graphs() {
        return Arrays.stream(GraphForm.values())
                .map(GraphForm::label)
                .collect(Collectors.joining(", "));
    }

    static EngineException wrong(String name, String value, String allowed) {
        return new EngineException(
                Kind.BAD_OPTION,
                "engine onnxruntime: option '%s' is %s, allowed are %s"
                        .formatted(name, value, allowed));
    }
}
