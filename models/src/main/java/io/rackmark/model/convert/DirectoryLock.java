package io.rackmark.model.convert;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Exclusive use of a directory among threads and processes. A file lock alone would not do: within
 * one JVM a second attempt throws instead of waiting.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private DirectoryLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /** Waits until the directory is free. */
    public static DirectoryLock acquire(Path directory) throws IOException {
        return acquire(directory, () -> {});
    }

    /** The same; {@code busy} is told once when somebody else has it now. */
    public static DirectoryLock acquire(Path directory, Runnable busy) throws IOException {
        ReentrantLock threads =
                THREADS.computeIfAbsent(directory.toRealPath(), path -> new ReentrantLock());
        boolean told = !threads.tryLock();
        if (told) {
            busy.run();
            threads.lock();
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            directory.resolve(".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                if (!told) {
                    busy.run();
                }
                channel.lock();
            }
            return new DirectoryLock(threads, channel);
        } catch (Throwable e) {
            if (channel != null) {
                channel.close();
            }
            threads.unlock();
            throw e;
        }
    }

    /** Closing the channel gives the file lock back. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            threads.unlock();
        }
    }
}
