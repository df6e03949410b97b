package io.rackmark.runner.energy;

import io.rackmark.runner.result.EnergyChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Channels that are one attribute file each, already in micro-units. */
final class SysfsMeter implements Meter {

    /** A channel and the file it is read from. */
    record Source(EnergyChannel channel, Path file) {}

    private final Sysfs sysfs;
    private final List<Source> sources;

    SysfsMeter(Sysfs sysfs, List<Source> sources) {
        this.sysfs = sysfs;
        this.sources = List.copyOf(sources);
    }

    @Override
    public List<EnergyChannel> channels() {
        return sources.stream().map(Source::channel).toList();
    }

    @Override
    public List<@Nullable Long> read(long workerPid) {
        List<@Nullable Long> values = new ArrayList<>(sources.size());
        for (Source source : sources) {
            values.add(sysfs.number(source.file()));
        }
        return values;
    }
}
