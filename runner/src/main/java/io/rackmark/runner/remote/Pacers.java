package io.rackmark.runner.remote;

import io.rackmark.engine.remote.provider.Pacer;
import io.rackmark.engine.remote.provider.RateLimits;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One pacer per address for a whole run: a limit belongs to the account, not to a cell. */
public final class Pacers {
    private record Key(URI address, RateLimits limits) {}

    private final Map<Key, Pacer> byAddress = new ConcurrentHashMap<>();

    /** The pacer of the target's address. */
    Pacer of(RemoteTarget target) {
        return byAddress.computeIfAbsent(
                new Key(target.endpoint().url(), target.provider().pace()),
                key -> new Pacer(key.limits()));
    }
}
