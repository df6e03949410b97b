package io.rackmark.model.torchscript;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The container of {@code caffe2::serialize::PyTorchStreamWriter}: a zip of stored records in one
 * root folder, each record's data aligned to 64 bytes by an extra field of id "FB".
 */
final class RecordZip implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int EXTRA_HEADER_BYTES = 4;
    private static final int BUFFER_BYTES = 1 << 20;

    /** 1980-01-02: a date of DOS times, or Java adds a timestamp field and moves the data. */
    private static final long TIME_MILLIS = 315_619_200_000L;

    private final String root;
    private final Counting counter;
    private final ZipOutputStream zip;

    RecordZip(OutputStream out, String root) {
        this.root = root;
        this.counter = new Counting(out);
        this.zip = new ZipOutputStream(counter);
        zip.setMethod(ZipOutputStream.STORED);
    }

    /** Bytes of a record, given twice: for the check sum and to write. */
    interface Content {
        long bytes();

        void writeTo(Sink sink) throws IOException;
    }

    interface Sink {
        /** Takes what remains in the buffer. */
        void accept(ByteBuffer piece) throws IOException;
    }

    void put(String name, byte[] data) throws IOException {
        put(
                name,
                new Content() {
                    @Override
                    public long bytes() {
                        return data.length;
                    }

                    @Override
                    public void writeTo(Sink sink) throws IOException {
                        sink.accept(ByteBuffer.wrap(data));
                    }
                });
    }

    void put(String name, Content content) throws IOException {
        ZipEntry entry = new ZipEntry(root + "/" + name);
        CRC32 crc = new CRC32();
        content.writeTo(crc::update);
        entry.setSize(content.bytes());
        entry.setCompressedSize(content.bytes());
        entry.setCrc(crc.getValue());
        entry.setTime(TIME_MILLIS);
        entry.setExtra(padding(entry.getName()));
        zip.putNextEntry(entry);
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, content.bytes())];
        content.writeTo(piece -> write(piece, buffer));
        zip.closeEntry();
    }

    private void write(ByteBuffer piece, byte[] buffer) throws IOException {
        while (piece.hasRemaining()) {
            int count = Math.min(buffer.length, piece.remaining());
            piece.get(buffer, 0, count);
            zip.write(buffer, 0, count);
        }
    }

    private byte[] padding(String name) throws IOException {
        zip.flush();
        long start =
                counter.count
                        + LOCAL_HEADER_BYTES
                        + name.getBytes(StandardCharsets.UTF_8).length
                        + EXTRA_HEADER_BYTES;
        int length = (int) ((ALIGNMENT - start % ALIGNMENT) % ALIGNMENT);
        byte[] extra = new byte[EXTRA_HEADER_BYTES + length];
        Arrays.fill(extra, (byte) 'Z');
        extra[0] = 'F';
        extra[1] = 'B';
        extra[2] = (byte) length;
        extra[3] = 0;
        return extra;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static final class Counting extends FilterOutputStream {
        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count += length;
        }
    }
}
