package io.rackmark.engine.llamacpp;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.Fact;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A loaded and initialised native library; one per file and process, never unloaded. */
final class LlamaLibrary {
    private static final Map<LibraryFile, LlamaLibrary> LOADED = new HashMap<>();

    private static final String CPU_ONLY =
            "the library is CPU only; build one for it with tools/llama-native/build.sh"
                    + " (-DGGML_CUDA=ON for NVIDIA) and name its directory in --llama-lib";

    private static final Pattern DEVICE_NAME = Pattern.compile("([A-Za-z]+)(\\d*)");

    private final LibraryFile file;
    private final LlamaAbi abi;
    private final LlamaFunctions functions;
    private final LlamaAbi.KvCache kvCache;
    private final NativeLog log = new NativeLog();
    private final Optional<Integer> build;
    private final List<Fact> versions;

    /**
     * A GPU and the library's handle of it.
     *
     * @param handle {@code ggml_backend_dev_t}
     */
    record Gpu(Device device, MemorySegment handle) {}

    private LlamaLibrary(LibraryFile file) {
        NativeSymbols symbols = NativeSymbols.open(file.path());
        this.file = file;
        abi = AbiCheck.identify(symbols);
        build = AbiCheck.buildNumber(symbols);
        versions = versions(symbols);
        functions = new LlamaFunctions(symbols, abi);
        kvCache = abi.kvCache(symbols);
        functions.logSet.run(log.callback(), MemorySegment.NULL);
        functions.backendInit.run();
        loadBackends(symbols);
    }

    static synchronized LlamaLibrary load(LibraryFile file) {
        LlamaLibrary loaded = LOADED.get(file);
        if (loaded == null) {
            CpuFeatures.require(file);
            loaded = new LlamaLibrary(file);
            LOADED.put(file, loaded);
        }
        return loaded;
    }

    /** Builds with GGML_BACKEND_DL bring no device until their back ends are loaded. */
    private void loadBackends(NativeSymbols symbols) {
        String loader = "ggml_backend_load_all_from_path";
        if (functions.deviceCount.toLong() == 0 && symbols.find(loader).isPresent()) {
            try (Arena arena = Arena.ofConfined()) {
                symbols.function(loader, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
                        .run(arena.allocateFrom(String.valueOf(file.path().getParent())));
            }
        }
        if (functions.deviceCount.toLong() == 0) {
            throw new UnusableLibraryException(
                    "%s finds no back end beside it".formatted(file.path()),
                    "keep the libggml files of the build in the same directory");
        }
    }

    LlamaAbi abi() {
        return abi;
    }

    LlamaFunctions functions() {
        return functions;
    }

    LlamaAbi.KvCache kvCache() {
        return kvCache;
    }

    NativeLog log() {
        return log;
    }

    /** The tag, or as near to it as the library tells. */
    String version() {
        return build.map(number -> "b" + number)
                .or(
                        () ->
                                versions.stream()
                                        .findFirst()
                                        .map(f -> f.value() + " (as " + abi.tag() + ")"))
                .orElse(abi.tag());
    }

    /** What tags without a build number in the library say of themselves. */
    private static List<Fact> versions(NativeSymbols symbols) {
        List<Fact> found = new ArrayList<>();
        for (String name : List.of("llama_version", "ggml_version", "ggml_commit")) {
            if (symbols.find(name).isPresent()) {
                String text =
                        symbols.function(name, FunctionDescriptor.of(ValueLayout.ADDRESS)).toText();
                found.add(new Fact(name.replace('_', '-'), text));
            }
        }
        return found;
    }

    /** Best device first. */
    List<Device> devices() {
        List<Device> devices =
                gpus().stream().map(Gpu::device).collect(Collectors.toCollection(ArrayList::new));
        devices.add(new Device("cpu", "CPU"));
        return devices;
    }

    List<Gpu> gpus() {
        List<Gpu> gpus = new ArrayList<>();
        if (!functions.supportsGpu.toBoolean()) {
            return gpus;
        }
        for (long i = 0; i < functions.deviceCount.toLong(); i++) {
            MemorySegment device = functions.deviceGet.toSegment(i);
            if (abi.isGpu(functions.deviceType.toInt(device))) {
                gpus.add(
                        new Gpu(
                                new Device(
                                        deviceId(functions.deviceName.toText(device)),
                                        functions.deviceDescription.toText(device)),
                                device));
            }
        }
        return gpus;
    }

    /** {@code CUDA0} becomes {@code cuda:0}, {@code Metal} becomes {@code metal}. */
    static String deviceId(String name) {
        Matcher matcher = DEVICE_NAME.matcher(name);
        if (!matcher.matches()) {
            return name.toLowerCase(Locale.ROOT);
        }
        String family = matcher.group(1).toLowerCase(Locale.ROOT);
        return matcher.group(2).isEmpty() ? family : family + ":" + matcher.group(2);
    }

    /** The GPU a plan names, or nothing for {@code cpu}. */
    Optional<Gpu> gpu(String id) {
        if (id.equals("cpu")) {
            return Optional.empty();
        }
        List<Gpu> gpus = gpus();
        return Optional.of(
                gpus.stream()
                        .filter(gpu -> gpu.device().id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> noDevice(id, gpus)));
    }

    private EngineException noDevice(String id, List<Gpu> gpus) {
        String known =
                gpus.isEmpty()
                        ? CPU_ONLY
                        : "known devices: cpu, "
                                + gpus.stream()
                                        .map(gpu -> gpu.device().id())
                                        .collect(Collectors.joining(", "));
        return new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "llama.cpp cannot compute on device '%s' with %s: %s"
                        .formatted(id, file.path(), known));
    }

    /** What identifies the library, and why it computes on no GPU when it does not. */
    List<Fact> probeFacts() {
        List<Fact> facts = new ArrayList<>(facts());
        if (gpus().isEmpty()) {
            facts.add(new Fact(Availability.NO_GPU, CPU_ONLY));
        }
        return facts;
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>(file.facts());
        facts.add(new Fact("build", build.map(number -> "b" + number).orElse("unknown")));
        facts.add(new Fact("abi", abi.tag()));
        facts.addAll(versions);
        facts.add(new Fact("system-info", functions.systemInfo.toText().strip()));
        return facts;
    }
}
