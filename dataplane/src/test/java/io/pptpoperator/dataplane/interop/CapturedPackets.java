package io.pptpoperator.dataplane.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The IPv4 packets in a capture file that tcpdump has written at an Ethernet interface. */
final class CapturedPackets {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int ETHERNET = 14;

    private CapturedPackets() {}

    /** Shows each packet, in the order in which they passed: a view that is valid for the call only. */
    static void each(Path file, Consumer<ByteBuffer> eye) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            int at = FILE_HEADER;
            while (at + RECORD_HEADER <= bytes.limit()) {
                int length = bytes.getInt(at + 8);
                int ip = at + RECORD_HEADER + ETHERNET;
                // Short frames are padded: what counts is IP's own length.
                int total = Short.toUnsignedInt(Short.reverseBytes(bytes.getShort(ip + 2)));
                eye.accept(bytes.slice(ip, Math.min(total, length - ETHERNET)));
                at += RECORD_HEADER + length;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
