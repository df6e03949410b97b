package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code llama_model} and its one {@code llama_context}, with the lines logged since loading. */
final class NativeModel implements AutoCloseable {
    private static final Pattern UNKNOWN_ARCHITECTURE =
            Pattern.compile("unknown model architecture: '([^']*)'");

    private final LlamaFunctions functions;
    private final LlamaAbi.KvCache kvCache;
    private final NativeLog log;
    private final long logStart;
    private final MemorySegment model;
    private final MemorySegment context;

    /**
     * @param gpu where the layers go; nothing for the CPU alone
     * @param gpuLayers layers that go there
     * @param batch most tokens in one llama_decode, computed at once
     * @param kvFloats 32-bit keys and values instead of 16-bit ones
     */
    record Settings(
            Path file,
            Optional<LlamaLibrary.Gpu> gpu,
            int gpuLayers,
            boolean mmap,
            boolean kvFloats,
            FlashAttention flashAttention,
            int contextTokens,
            int slots,
            int batch,
            int threads) {}

    private NativeModel(
            LlamaLibrary library, long logStart, MemorySegment model, MemorySegment context) {
        this.functions = library.functions();
        this.kvCache = library.kvCache();
        this.log = library.log();
        this.logStart = logStart;
        this.model = model;
        this.context = context;
    }

    static NativeModel load(LlamaLibrary library, Settings settings) {
        MemoryNeed.checkWeights(settings);
        long logStart = library.log().position();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = loadModel(library, settings, arena, logStart);
            try {
                MemoryNeed.check(library, model, settings);
                MemorySegment context = openContext(library, settings, model, arena, logStart);
                return new NativeModel(library, logStart, model, context);
            } catch (EngineException e) {
                library.functions().modelFree.run(model);
                throw e;
            }
        }
    }

    private static MemorySegment loadModel(
            LlamaLibrary library, Settings settings, Arena arena, long logStart) {
        // NULL-terminated ggml_backend_dev_t[2]
        MemorySegment devices = arena.allocate(ValueLayout.ADDRESS, 2);
        settings.gpu().ifPresent(gpu -> devices.set(ValueLayout.ADDRESS, 0, gpu.handle()));
        MemorySegment params =
                library.functions().modelDefaults.toSegment((SegmentAllocator) arena);
        library.abi()
                .setModel(
                        params,
                        new LlamaAbi.ModelSettings(devices, settings.gpuLayers(), settings.mmap()));
        MemorySegment model =
                library.functions()
                        .modelLoad
                        .toSegment(arena.allocateFrom(settings.file().toString()), params);
        if (model.address() == 0) {
            throw unknownArchitecture(library, logStart, settings.file())
                    .orElseGet(
                            () ->
                                    failure(
                                            library.log(),
                                            logStart,
                                            "cannot load " + settings.file()));
        }
        return model;
    }

    /** Families that llama.cpp learnt after this tag. */
    private static Optional<EngineException> unknownArchitecture(
            LlamaLibrary library, long logStart, Path file) {
        return library.log().since(logStart).stream()
                .map(line -> UNKNOWN_ARCHITECTURE.matcher(line.text()))
                .filter(Matcher::find)
                .map(
                        found ->
                                new EngineException(
                                        EngineException.Kind.BAD_MODEL,
                                        ("llama.cpp %s does not know the model architecture '%s' of"
                                             + " %s; build a newer tag (%s) with"
                                             + " tools/llama-native/build.sh and name its directory"
                                             + " in --llama-lib, or run this model on another"
                                             + " engine")
                                                .formatted(
                                                        library.version(),
                                                        found.group(1),
                                                        file,
                                                        LlamaAbi.SUPPORTED.getLast().tag())))
                .findFirst();
    }

    private static MemorySegment openContext(
            LlamaLibrary library,
            Settings settings,
            MemorySegment model,
            Arena arena,
            long logStart) {
        MemorySegment params =
                library.functions().contextDefaults.toSegment((SegmentAllocator) arena);
        library.abi()
                .setContext(
                        params,
                        new LlamaAbi.ContextSettings(
                                library.kvCache()
                                        .cells(
                                                settings.contextTokens(),
                                                settings.slots(),
                                                settings.batch()),
                                settings.batch(),
                                settings.slots(),
                                settings.threads(),
                                settings.kvFloats(),
                                settings.flashAttention()));
        MemorySegment context = library.functions().contextInit.toSegment(model, params);
        if (context.address() == 0) {
            throw failure(
                    library.log(),
                    logStart,
                    "cannot open a context of %d slots of %d tokens for %s"
                            .formatted(
                                    settings.slots(), settings.contextTokens(), settings.file()));
        }
        return context;
    }

    private static EngineException failure(NativeLog log, long logStart, String what) {
        String words = lastWords(log, logStart);
        EngineException.Kind kind =
                words.toLowerCase(Locale.ROOT).contains("alloc")
                        ? EngineException.Kind.OUT_OF_MEMORY
                        : EngineException.Kind.BAD_MODEL;
        return new EngineException(kind, "llama.cpp " + what + ": " + words);
    }

    MemorySegment context() {
        return context;
    }

    int vocabulary() {
        return functions.vocabularySize.toInt(functions.modelVocabulary.toSegment(model));
    }

    /**
     * The ids llama.cpp itself makes of a text; special tokens written in it become their own ids.
     *
     * @param addSpecial whether the ids begin and end as the model's vocabulary says
     */
    int[] tokenize(String text, boolean addSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment vocabulary = functions.modelVocabulary.toSegment(model);
        int most = 4 * bytes.length + 8; // at worst a space is three byte tokens
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, most);
            int count =
                    functions.tokenize.toInt(
                            vocabulary,
                            arena.allocateFrom(text),
                            bytes.length,
                            ids,
                            most,
                            addSpecial,
                            true);
            if (count < 0) {
                throw new EngineException(
                        EngineException.Kind.INTERNAL,
                        "llama_tokenize made %d ids of %d bytes".formatted(-count, bytes.length));
            }
            return ids.asSlice(0, (long) count * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
        }
    }

    /** Bytes of all tensors. */
    long modelBytes() {
        return functions.modelSize.toLong(model);
    }

    int trainedContext() {
        return functions.modelTrainedContext.toInt(model);
    }

    /** From the log, which rounds to 0.01 MiB; -1 when it does not tell. */
    long kvCacheBytes() {
        return log.since(logStart).stream()
                .map(line -> kvCache.sizeLogged().matcher(line.text()))
                .filter(Matcher::find)
                .mapToLong(m -> Math.round(Double.parseDouble(m.group(1)) * (1 << 20)))
                .findFirst()
                .orElse(-1);
    }

    /** Whether one of the last lines logged holds this text. */
    boolean justLogged(String text) {
        return log.since(log.position() - 3).stream().anyMatch(line -> line.text().contains(text));
    }

    /** What the library logged as errors since this model was loaded. */
    String lastWords() {
        return lastWords(log, logStart);
    }

    private static String lastWords(NativeLog log, long logStart) {
        List<String> errors =
                log.since(logStart).stream()
                        .filter(NativeLog.Line::isError)
                        .map(line -> line.text().strip())
                        .filter(text -> !text.isEmpty())
                        .toList();
        return errors.isEmpty()
                ? "no reason given"
                : String.join("; ", errors.subList(Math.max(0, errors.size() - 3), errors.size()));
    }

    @Override
    public void close() {
        functions.contextFree.run(context);
        functions.modelFree.run(model);
    }
}
