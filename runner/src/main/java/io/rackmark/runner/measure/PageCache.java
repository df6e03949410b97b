package io.rackmark.runner.measure;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rackmark.runner.result.LifeCycle;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The operating system's page cache, per file: evict and look. Linux only; elsewhere the state is
 * unknown and nothing is evicted.
 */
public final class PageCache {
    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    /** fcntl.h, the same on x86-64 and aarch64. */
    private static final int O_RDONLY = 0;

    /** linux/fadvise.h; 4 on every architecture but s390. */
    private static final int POSIX_FADV_DONTNEED = 4;

    private PageCache() {}

    /** Asks the kernel to drop a file's pages; dirty ones are written out first. */
    public static LifeCycle.PageCache evict(Path file) throws IOException {
        if (!LINUX) {
            return LifeCycle.PageCache.UNKNOWN;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // A read-only file system cannot hold dirty pages, so there is nothing to force.
        }
        Libc.dontNeed(file);
        return state(file);
    }

    /** Whether all, none or some of a file's pages are resident. */
    public static LifeCycle.PageCache state(Path file) throws IOException {
        if (!LINUX || Files.size(file) == 0) {
            return LifeCycle.PageCache.UNKNOWN;
        }
        double resident = residentShare(file);
        if (resident == 0) {
            return LifeCycle.PageCache.COLD;
        }
        return resident == 1 ? LifeCycle.PageCache.WARM : LifeCycle.PageCache.UNKNOWN;
    }

    /** Reads the whole file once so that its pages are resident. */
    public static LifeCycle.PageCache warm(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return state(file);
    }

    private static double residentShare(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            int pageBytes = Libc.pageBytes();
            long pages = (mapped.byteSize() + pageBytes - 1) / pageBytes;
            MemorySegment present = arena.allocate(JAVA_BYTE, pages); // [pages], bit 0 = resident
            Libc.mincore(mapped, present);
            long resident = 0;
            for (long page = 0; page < pages; page++) {
                resident += present.get(JAVA_BYTE, page) & 1;
            }
            return (double) resident / pages;
        }
    }

    /** The four C functions this needs; resolved on first use, so never on another system. */
    private static final class Libc {
        private static final MethodHandle OPEN =
                function(
                        "open",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        private static final MethodHandle CLOSE =
                function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        private static final MethodHandle FADVISE =
                function(
                        "posix_fadvise",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        private static final MethodHandle MINCORE =
                function("mincore", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
        private static final MethodHandle PAGE_SIZE =
                function("getpagesize", FunctionDescriptor.of(JAVA_INT));

        private static MethodHandle function(
                String name, FunctionDescriptor shape, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
        }

        static void dontNeed(Path file) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                int descriptor =
                        (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY);
                if (descriptor < 0) {
                    throw new IOException("cannot open " + file + " to evict it");
                }
                int error = (int) FADVISE.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
                int closed = (int) CLOSE.invokeExact(descriptor);
                if (error != 0 || closed != 0) {
                    throw new IOException("posix_fadvise failed on " + file + ": errno " + error);
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static void mincore(MemorySegment mapped, MemorySegment present) throws IOException {
            try {
                if ((int) MINCORE.invokeExact(mapped, mapped.byteSize(), present) != 0) {
                    throw new IOException("mincore failed");
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static int pageBytes() {
            try {
                return (int) PAGE_SIZE.invokeExact();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
