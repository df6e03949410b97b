package io.rackmark.engine.worker;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Pauses of the garbage collector, from its notifications. Those come on a thread of their own
 * shortly after the pause, so a window waits for the ones that are still under way.
 */
final class CollectorPauses {
    private static final int MOST = 4096;
    private static final long SETTLE_MILLIS = 2000;

    /** Pauses in a stretch of time. */
    record Window(long totalNanos, long maxNanos) {}

    private record Pause(long startMillis, long endMillis) {}

    private final List<GarbageCollectorMXBean> collectors;
    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final Deque<Pause> pauses = new ArrayDeque<>();
    private final long before;
    private long seen;

    CollectorPauses() {
        // ZGC's "Cycles" run beside the application; its pauses have a bean of their own.
        collectors =
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .filter(bean -> !bean.getName().endsWith("Cycles"))
                        .toList();
        before = collections();
        for (GarbageCollectorMXBean collector : collectors) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener((event, _) -> add(event), null, null);
            }
        }
    }

    /** Milliseconds since this JVM started, the clock of the collector's own records. */
    long nowMillis() {
        return runtime.getUptime();
    }

    /** Pauses that ended after {@code fromMillis}, up to now. */
    synchronized Window since(long fromMillis) {
        settle();
        long total = 0;
        long max = 0;
        for (Pause pause : pauses) {
            if (pause.endMillis() > fromMillis) {
                long millis = pause.endMillis() - Math.max(fromMillis, pause.startMillis());
                total += millis;
                max = Math.max(max, millis);
            }
        }
        return new Window(total * 1_000_000, max * 1_000_000);
    }

    private void settle() {
        long deadline = System.nanoTime() + SETTLE_MILLIS * 1_000_000;
        try {
            while (seen < collections() - before && System.nanoTime() < deadline) {
                wait(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void add(Notification event) {
        if (!event.getType()
                .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        var collection =
                GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData())
                        .getGcInfo();
        seen++;
        pauses.add(new Pause(collection.getStartTime(), collection.getEndTime()));
        if (pauses.size() > MOST) {
            pauses.removeFirst();
        }
        notifyAll();
    }

    private long collections() {
        return collectors.stream().mapToLong(c -> Math.max(0, c.getCollectionCount())).sum();
    }
}
