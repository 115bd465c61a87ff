package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {

    /** The header as the kernel writes it, at index 3. */
    private static ByteBuffer header(int flags, int type, int... fields) {
        var buffer = ByteBuffer.allocateDirect(200).order(ByteOrder.nativeOrder());
        buffer.put(3, (byte) flags).put(4, (byte) type);
        for (int i = 0; i < fields.length; i++) {
            buffer.putShort(5 + 2 * i, (short) fields[i]);
        }
        return buffer.order(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void readsFieldsInTheMachinesByteOrder() {
        var header = header(1, 0x81, 52, 0xFEDC, 20, 16);
        assertThat(VirtioNetHeader.needsChecksum(header, 3)).isTrue();
        assertThat(VirtioNetHeader.gsoType(header, 3)).isEqualTo(VirtioNetHeader.GSO_TCPV4);
        assertThat(VirtioNetHeader.gsoSize(header, 3)).isEqualTo(0xFEDC);
        assertThat(VirtioNetHeader.checksumStart(header, 3)).isEqualTo(20);
        assertThat(VirtioNetHeader.checksumOffset(header, 3)).isEqualTo(16);
    }

    @Test
    void writesATrainsHeader() {
        var header = header(0xFF, 0xFF, -1, -1, -1, -1);
        VirtioNetHeader.writeTcpTrain(header, 3, 20, 52, 1348);
        assertThat(header).isEqualTo(header(1, 1, 52, 1348, 20, 16));
    }

    @Test
    void writesAHeaderThatAsksForNothing() {
        var header = header(0xFF, 0xFF, -1, -1, -1, -1);
        VirtioNetHeader.writeNone(header, 3);
        assertThat(header).isEqualTo(header(0, 0, 0, 0, 0, 0));
        assertThat(VirtioNetHeader.needsChecksum(header, 3)).isFalse();
    }

    @Test
    void completesTheChecksumTheKernelLeft() {
        byte[] packet = Packets.udpPacket(1, 0, new byte[21]);
        var buffer = header(1, 0, 0, 0, 20, 6);
        buffer.put(13, packet);
        buffer.putShort(13 + 26, (short) InternetChecksum.pseudoHeader(Packets.SERVER, Packets.CLIENT, 17, 29));
        assertThat(VirtioNetHeader.completeChecksum(buffer, 3, packet.length)).isTrue();
        assertThat(Packets.bytes(buffer, 13, packet.length)).isEqualTo(packet);
    }

    @Test
    void leavesACompleteChecksumAlone() {
        byte[] packet = Packets.udpPacket(1, 0, new byte[21]);
        var buffer = header(0, 0, 0, 0, 20, 6);
        buffer.put(13, packet);
        assertThat(VirtioNetHeader.completeChecksum(buffer, 3, packet.length)).isTrue();
        assertThat(Packets.bytes(buffer, 13, packet.length)).isEqualTo(packet);
    }

    @Test
    void refusesAChecksumOutsideThePacket() {
        assertThat(VirtioNetHeader.completeChecksum(header(1, 0, 0, 0, 20, 16), 3, 37)).isFalse();
        assertThat(VirtioNetHeader.completeChecksum(header(1, 0, 0, 0, 20, 16), 3, 38)).isTrue();
        assertThat(VirtioNetHeader.completeChecksum(header(1, 0, 0, 0, 0xFFFF, 0xFFFF), 3, 100)).isFalse();
    }
}
