package io.rackmark.runner.run;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import io.rackmark.engine.Fact;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelSource;
import io.rackmark.runner.energy.MeterFinding;
import io.rackmark.runner.energy.MeterSetup;
import io.rackmark.runner.energy.Meters;
import io.rackmark.runner.measure.HostFacts;
import io.rackmark.runner.measure.PageCache;
import io.rackmark.runner.plan.Defaults;
import io.rackmark.runner.result.Environment;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at everything a run needs, and at what would spoil its figures. */
public final class Checkup {
    /** Derived files of the embedded model take about 40 MB; ten times that leaves room. */
    private static final long LEAST_FREE_BYTES = 400_000_000;

    private final List<Finding> findings = new ArrayList<>();

    public enum Grade {
        GOOD,
        /** Not here, and a run does without. */
        ABSENT,
        /** A run works; its figures may suffer. */
        CAUTION,
        /** A run cannot work. */
        BAD
    }

    /**
     * One thing that was looked at.
     *
     * @param subject what
     * @param message what was found, and what to do about it when it is not good
     */
    public record Finding(Grade grade, String subject, String message) {}

    private Checkup() {}

    public static List<Finding> of(Home home) {
        Checkup checkup = new Checkup();
        checkup.machine();
        checkup.platform();
        checkup.folder("cache", home.cache(), "--cache DIR or RACKMARK_CACHE");
        Path store = home.store().getParent();
        if (store != null) {
            checkup.folder("result store", store, "--store FILE or RACKMARK_STORE");
        }
        checkup.model(home);
        checkup.engines(new EngineInventory(home));
        checkup.pageCache(home);
        checkup.energy();
        return List.copyOf(checkup.findings);
    }

    private void add(Grade grade, String subject, String message) {
        findings.add(new Finding(grade, subject, message));
    }

    private void machine() {
        Environment machine = HostFacts.read();
        add(
                Grade.GOOD,
                "machine",
                "%s, %d CPUs, %s, JVM %s"
                        .formatted(
                                machine.cpu(), machine.logicalCpus(), machine.os(), machine.jvm()));
        for (Flag flag : HostFacts.flags(machine)) {
            add(Grade.CAUTION, "machine", flag.message());
        }
    }

    private void folder(String subject, Path folder, String remedy) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "doctor", ".tmp"));
            long free = Files.getFileStore(folder).getUsableSpace();
            add(
                    free < LEAST_FREE_BYTES ? Grade.CAUTION : Grade.GOOD,
                    subject,
                    "%s, %,d MB free".formatted(folder, free / 1_000_000));
        } catch (IOException e) {
            add(
                    Grade.BAD,
                    subject,
                    "cannot write to %s; choose another place with %s".formatted(folder, remedy));
        }
    }

    private void model(Home home) {
        try {
            ModelSource source = home.catalogue().resolve(Defaults.MODEL);
            if (source instanceof ModelSource.Directory directory) {
                add(
                        Grade.GOOD,
                        "embedded model",
                        "%s, %s"
                                .formatted(
                                        directory.path().getFileName(),
                                        directory.checkpoint().config().architecture()));
            }
        } catch (ModelException e) {
            add(Grade.BAD, "embedded model", String.valueOf(e.getMessage()));
        }
    }

    private void engines(EngineInventory engines) {
        if (engines.ids().isEmpty()) {
            add(Grade.BAD, "engines", "none is installed; build the product with its launcher");
        }
        for (String id : engines.ids()) {
            try {
                Availability availability = engines.report(id, Map.of()).availability();
                engine(id, availability);
                gpu(id, availability);
            } catch (WorkerException e) {
                add(Grade.BAD, "engine " + id, String.valueOf(e.getMessage()));
            }
        }
    }

    private void engine(String id, Availability availability) {
        switch (availability) {
            case Availability.Available(String version, List<Device> devices, List<Fact> _) ->
                    add(
                            Grade.GOOD,
                            "engine " + id,
                            "version %s on %s"
                                    .formatted(
                                            version,
                                            String.join(
                                                    ", ",
                                                    devices.stream().map(Device::id).toList())));
            case Availability.Unavailable(String reason, String remedy) ->
                    add(Grade.BAD, "engine " + id, reason + "; " + remedy);
        }
    }

    private void gpu(String id, Availability availability) {
        if (availability instanceof Availability.Available available) {
            List<String> gpus =
                    available.devices().stream()
                            .map(Device::id)
                            .filter(device -> !device.equals("cpu"))
                            .toList();
            add(
                    gpus.isEmpty() ? Grade.ABSENT : Grade.GOOD,
                    "gpu for " + id,
                    gpus.isEmpty()
                            ? available.noGpu().orElse("it finds none")
                            : String.join(", ", gpus) + "; choose it with --device");
        }
    }

    private void platform() {
        Platform platform = Platform.here();
        add(
                platform.verified() ? Grade.GOOD : Grade.CAUTION,
                "platform",
                platform.verified()
                        ? platform.title() + ", verified"
                        : platform.title()
                                + " is unverified: no run on it is recorded; run 'mvn verify' here"
                                + " before you trust its figures");
    }

    private void energy() {
        List<MeterFinding> found = Meters.all(MeterSetup.host(Defaults.energy().meters(), 0));
        Meters.close(found);
        for (MeterFinding meter : found) {
            Grade grade =
                    switch (meter.state()) {
                        case USABLE -> Grade.GOOD;
                        case ABSENT -> Grade.ABSENT;
                        case DENIED -> Grade.CAUTION;
                    };
            add(grade, "meter " + meter.meter(), meter.message());
        }
        add(Grade.ABSENT, "meter wall", "not asked for; --wall-csv FILE imports its log (grade A)");
        if (found.stream().noneMatch(m -> m.state() == MeterFinding.State.USABLE)) {
            add(
                    Grade.CAUTION,
                    "energy",
                    "no meter can be read, so energy stays empty; see docs/how-to/energy.md");
        }
    }

    /** Tries on a small file of its own, so that nothing in use is evicted. */
    private void pageCache(Home home) {
        try {
            Path probe = Files.createTempFile(home.cache(), "doctor", ".tmp");
            try {
                Files.write(probe, new byte[1 << 16]);
                boolean works = PageCache.evict(probe) == LifeCycle.PageCache.COLD;
                add(
                        works ? Grade.GOOD : Grade.CAUTION,
                        "cold loads",
                        works
                                ? "files can be evicted from the page cache"
                                : "files cannot be evicted from the page cache here, so cold load"
                                        + " times stay empty; put the cache on a disk file system");
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            add(Grade.CAUTION, "cold loads", "could not be tried: " + e.getMessage());
        }
    }
}
