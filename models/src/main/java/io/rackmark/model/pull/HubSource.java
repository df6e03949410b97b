package io.rackmark.model.pull;

import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import io.rackmark.model.ModelId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A model hub: Hugging Face's, or a mirror that speaks the same two paths. */
public final class HubSource implements PullSource {
    private static final int BUFFER_BYTES = 1 << 16;

    /** A file of which nobody tells the size is not weights. */
    private static final long MOST_UNSIZED_BYTES = 1L << 30;

    private static final int MOST_ETAG_CHARACTERS = 512;

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final HubClient client;
    private final Retries forList;
    private final Retries forFiles;

    /** The hub that this client talks to, with the usual patience. */
    public HubSource(HubClient client) {
        this(
                client,
                new Retries(3, Duration.ofSeconds(1), Pause.SLEEP),
                new Retries(6, Duration.ofSeconds(1), Pause.SLEEP));
    }

    HubSource(HubClient client, Retries forList, Retries forFiles) {
        this.client = client;
        this.forList = forList;
        this.forFiles = forFiles;
    }

    @Override
    public String label() {
        return client.address();
    }

    @Override
    public HubListing list(ModelId id) {
        HttpUrl url = client.listing(id);
        HubFaults faults = new HubFaults(client, id);
        try {
            byte[] json = forList.run(() -> listing(id, url, faults), () -> 0, (fault, wait) -> {});
            return ListingReader.read(id, json);
        } catch (IOException e) {
            throw faults.unreachable(e, url);
        }
    }

    @Override
    public void fetch(Fetch fetch) {
        HubFaults faults = new HubFaults(client, fetch.id());
        String revision = fetch.commit().isEmpty() ? fetch.id().revision() : fetch.commit();
        HttpUrl url = client.file(fetch.id(), revision, fetch.file().path());
        try {
            try {
                complete(fetch, url, faults);
            } catch (WrongContentException e) {
                // What an earlier pull or a broken proxy left may be at fault: once more, afresh.
                forget(fetch);
                complete(fetch, url, faults);
            }
        } catch (WrongContentException e) {
            forget(fetch);
            throw faults.wrongContent(fetch.file(), e);
        } catch (IOException e) {
            throw faults.unreachable(e, url);
        }
    }

    @Override
    public void cancel() {
        client.cancelAll();
    }

    private byte[] listing(ModelId id, HttpUrl url, HubFaults faults) throws IOException {
        try (Response response = client.openBriefly(url)) {
            faults.check(response, "model " + id);
            byte[] json = response.body().byteStream().readNBytes(ListingReader.MAX_BYTES + 1);
            if (json.length > ListingReader.MAX_BYTES) {
                throw new ModelException(
                        Kind.DAMAGED,
                        "the file list of %s at %s is longer than %d MB, which no model needs"
                                .formatted(id, label(), ListingReader.MAX_BYTES >> 20));
            }
            return json;
        }
    }

    private void complete(Fetch fetch, HttpUrl url, HubFaults faults) throws IOException {
        // The most that was here at once: a server that begins anew each time makes no progress.
        AtomicLong reached = new AtomicLong(fetch.part().size());
        forFiles.run(
                () -> {
                    while (!attempt(fetch, url, faults, reached)) {
                        // What was here is of no use; the next request is for the whole file.
                    }
                    return true;
                },
                reached::get,
                (fault, wait) ->
                        fetch.listener()
                                .retrying(
                                        fetch.file().path(),
                                        String.valueOf(fault.getMessage()),
                                        wait));
        DiskFaults.guard(fetch.store(), fetch.part()::finish);
    }

    /** Returns whether the file is complete; false means that it has to begin anew. */
    private boolean attempt(Fetch fetch, HttpUrl url, HubFaults faults, AtomicLong reached)
            throws IOException {
        PartFile part = fetch.part();
        if (part.full()) {
            return true;
        }
        long offset = part.size();
        try (Response response = client.open(url, offset)) {
            faults.check(response, fetch.file().path());
            if (offset > 0 && response.code() != 200 && !continues(response, fetch)) {
                forget(fetch);
                return false;
            }
            if (response.code() == 200) {
                forget(fetch);
                DiskFaults.guard(fetch.store(), () -> part.restart(etag(response)));
            } else if (offset == 0) {
                throw new WrongContentException(
                        "the server sends a part of it that nobody asked for");
            }
            receive(fetch, response, reached);
            return true;
        }
    }

    /** Whether the answer goes on exactly where the part ends, with the same content. */
    private static boolean continues(Response response, Fetch fetch) {
        @Nullable String header = response.header("Content-Range");
        if (response.code() != 206 || header == null) {
            return false;
        }
        Matcher range = CONTENT_RANGE.matcher(header.strip());
        if (!range.matches() || Long.parseLong(range.group(1)) != fetch.part().size()) {
            return false;
        }
        boolean sameSize =
                range.group(2).equals("*")
                        || fetch.file().bytes().isEmpty()
                        || Long.parseLong(range.group(2)) == fetch.file().bytes().getAsLong();
        String before = fetch.part().etag();
        String now = etag(response);
        boolean sameContent =
                (before.isEmpty() || now.isEmpty())
                        ? !fetch.file().version().isEmpty()
                        : before.equals(now);
        return sameSize && sameContent;
    }

    private static void receive(Fetch fetch, Response response, AtomicLong reached)
            throws IOException {
        PartFile part = fetch.part();
        long announced = response.body().contentLength();
        long expected = fetch.file().bytes().orElse(-1);
        if (expected >= 0 && announced >= 0 && part.size() + announced != expected) {
            throw new WrongContentException(
                    "the server announces %d bytes instead of %d"
                            .formatted(part.size() + announced, expected));
        }
        long most = expected >= 0 || announced >= 0 ? Long.MAX_VALUE : MOST_UNSIZED_BYTES;
        InputStream body = response.body().byteStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            int bytes = count;
            DiskFaults.guard(fetch.store(), () -> part.append(buffer, bytes));
            reached.accumulateAndGet(part.size(), Math::max);
            fetch.listener().advanced(bytes);
            if (part.size() > most) {
                throw new WrongContentException("it goes on and on without a known size");
            }
        }
        if (expected >= 0 && part.size() < expected) {
            throw new IOException("cut off after %d of %d bytes".formatted(part.size(), expected));
        }
    }

    private static void forget(Fetch fetch) {
        fetch.listener().advanced(-fetch.part().size());
        try {
            fetch.part().restart("");
        } catch (IOException e) {
            throw DiskFaults.of(fetch.store(), e);
        }
    }

    /** A strong validator of RFC 9110, 8.8.3, or empty. */
    private static String etag(Response response) {
        @Nullable String value = response.header("ETag");
        return value == null || value.startsWith("W/") || value.length() > MOST_ETAG_CHARACTERS
                ? ""
                : value.strip();
    }
}
