package io.rackmark.engine.remote;

import io.rackmark.engine.Message;
import io.rackmark.engine.testkit.StampingServer;
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryManagerMXBean;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How far the recorded times of events are from the truth, and how many events one JVM takes. Not a
 * test: run it by hand on an idle machine, as docs/how-to/endpoints.md says.
 */
final class TimestampBenchmark {
    private static final int EVENTS = 100;
    private static final int PAUSE_MICROS = 50_000;
    private static final int FLOOD_STREAMS = 8;
    private static final int FLOOD_EVENTS = 200_000;

    private TimestampBenchmark() {}

    public static void main(String[] args) throws Exception {
        Process server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1", // short code, soon as fast as it gets
                                "-cp",
                                System.getProperty("java.class.path"),
                                StampingServer.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = server.inputReader()) {
            String base = "http://127.0.0.1:" + out.readLine() + "/v1/";
            System.out.println(collectors());
            floodSeconds(base, 1); // warms both ends
            errors(base, 200);
            for (int streams : new int[] {100, 1000}) {
                print(streams, errors(base, streams));
            }
            printFlood(floodSeconds(base, FLOOD_STREAMS));
        } finally {
            server.getOutputStream().close();
            server.waitFor();
        }
    }

    private static List<RemoteResult> send(String url, int streams) throws Exception {
        try (RemoteClient client =
                        new RemoteClient(
                                new Endpoint("bench", URI.create(url), Optional.empty(), "", false),
                                Dialect.COMMON,
                                Deadlines.USUAL,
                                Bounds.USUAL,
                                ProxySelector.of(null));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Message> chat = List.of(new Message(Message.Role.USER, "hello"));
            List<Future<RemoteResult>> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                running.add(threads.submit(() -> client.send(RemoteRequest.chat("m", chat, 1000))));
            }
            List<RemoteResult> results = new ArrayList<>();
            for (Future<RemoteResult> each : running) {
                RemoteResult result = each.get();
                if (result.failure() != null) {
                    throw new IllegalStateException(result.failure().message());
                }
                results.add(result);
            }
            return results;
        }
    }

    /** Recorded minus true time of every event, in nanoseconds, ascending. */
    private static long[] errors(String base, int streams) throws Exception {
        String url = base + "stamped/" + EVENTS + "/" + PAUSE_MICROS;
        LongStream.Builder errors = LongStream.builder();
        for (RemoteResult result : send(url, streams)) {
            List<StreamEvent> events =
                    result.timeline().events().stream()
                            .filter(e -> e.kind() == StreamEvent.Kind.ANSWER)
                            .toList();
            String[] sent = result.text().strip().split(" ", -1);
            if (sent.length != EVENTS || events.size() != EVENTS) {
                throw new IllegalStateException("events were lost: " + events.size());
            }
            for (int i = 0; i < EVENTS; i++) {
                errors.add(events.get(i).nanos() - Long.parseLong(sent[i]));
            }
        }
        long[] sorted = errors.build().toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static void print(int streams, long[] errors) {
        System.out.printf(
                Locale.ROOT,
                "%d streams, %d events, %.0f events/s: recorded − sent p50 %.3f ms, p99 %.3f ms,"
                        + " max %.3f ms (load %.1f)%n",
                streams,
                errors.length,
                streams * 1e6 / PAUSE_MICROS,
                errors[errors.length / 2] / 1e6,
                errors[(int) (errors.length * 0.99)] / 1e6,
                errors[errors.length - 1] / 1e6,
                load());
    }

    private static double floodSeconds(String base, int streams) throws Exception {
        long start = System.nanoTime();
        List<RemoteResult> results = send(base + "flood/" + FLOOD_EVENTS, streams);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (results.stream().anyMatch(result -> result.text().length() != FLOOD_EVENTS)) {
            throw new IllegalStateException("events were lost");
        }
        return seconds;
    }

    private static void printFlood(double seconds) {
        long events = (long) FLOOD_STREAMS * FLOOD_EVENTS;
        System.out.printf(
                Locale.ROOT,
                "%d streams at full speed: %d events in %.1f s, %.0f events/s (load %.1f)%n",
                FLOOD_STREAMS,
                events,
                seconds,
                events / seconds,
                load());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(MemoryManagerMXBean::getName)
                .collect(Collectors.joining(", "));
    }
}
