package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.PacketCapture;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The enhanced GRE in a capture file of tcpdump, in the order in which it left. */
final class GreCapture {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int ETHERNET = 14;
    private static final int COUNTS = 4096;

    private final List<byte[]> packets;

    private GreCapture(List<byte[]> packets) {
        this.packets = packets;
    }

    /** Ends the capture and reads its file. */
    static GreCapture read(PacketCapture capture, Path file) {
        capture.close();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            List<byte[]> packets = new ArrayList<>();
            int at = FILE_HEADER;
            while (at + RECORD_HEADER <= bytes.limit()) {
                int length = bytes.getInt(at + 8);
                int ip = at + RECORD_HEADER + ETHERNET;
                int gre = ip + (bytes.get(ip) & 15) * 4;
                byte[] packet = new byte[at + RECORD_HEADER + length - gre];
                bytes.get(gre, packet);
                packets.add(packet);
                at += RECORD_HEADER + length;
            }
            return new GreCapture(packets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * In stateless MPPE the key follows from how many packets there were before: no GRE number may come twice, and each
     * packet of a call must count on from the one before. How many packets were encrypted.
     */
    int assertNoKeyStreamIsUsedTwice() {
        Map<Integer, Integer> counts = new HashMap<>();
        Set<Long> numbers = new HashSet<>();
        int encrypted = 0;
        for (byte[] bytes : packets) {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            int header = GreHeader.validate(packet, 0, bytes.length);
            if (header < 0 || !GreHeader.hasSequence(packet, 0)) {
                continue;
            }
            int call = GreHeader.callId(packet, 0);
            long number = (long) call << 32 | GreHeader.sequence(packet, 0) & 0xffffffffL;
            assertThat(numbers.add(number)).as("GRE number %s of call %s is new", (int) number, call).isTrue();
            if (PppFrame.protocolAt(packet, header, bytes.length) == PppProtocol.COMPRESSED) {
                int mppe = PppFrame.informationOffset(packet, header, bytes.length);
                int count = packet.getShort(mppe) & COUNTS - 1;
                Integer before = counts.put(call, count);
                if (before != null) {
                    assertThat(count).as("MPPE count after %s of call %s", before, call)
                            .isEqualTo((before + 1) % COUNTS);
                }
                encrypted++;
            }
        }
        return encrypted;
    }
}
