package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OuterHeaderTest {

    private static final int OFFSET = 12;

    @Test
    void itIsTheHeaderThatTheKernelWrites() {
        ByteBuffer buffer = ByteBuffer.allocate(OFFSET + OuterHeader.LENGTH);
        new OuterHeader(64, 0x1234).write(buffer, OFFSET, 0xc6336401, 0xc6336407, 1416);
        assertThat(HexFormat.of().formatHex(buffer.array(), OFFSET, OFFSET + OuterHeader.LENGTH))
                .isEqualTo("4500059c12340000402f0e90c6336401c6336407");
    }

    @Property
    void theChecksumIsRightAndTheIdentificationCounts(@ForAll int source, @ForAll int destination,
            @ForAll int identification, @ForAll @IntRange(min = 8, max = 2_048) int payload) {
        OuterHeader header = new OuterHeader(255, identification);
        ByteBuffer buffer = ByteBuffer.allocate(OuterHeader.LENGTH);
        for (int i = 0; i < 3; i++) {
            header.write(buffer, 0, source, destination, payload);
            // RFC 1071: the ones' complement sum over a right header is all ones.
            int sum = 0;
            for (int at = 0; at < OuterHeader.LENGTH; at += 2) {
                sum += Short.toUnsignedInt(buffer.getShort(at));
            }
            assertThat(sum % 0xffff).isZero();
            assertThat(buffer.getShort(2)).isEqualTo((short) (OuterHeader.LENGTH + payload));
            assertThat(buffer.getShort(4)).isEqualTo((short) (identification + i));
            assertThat(buffer.getInt(12)).isEqualTo(source);
            assertThat(buffer.getInt(16)).isEqualTo(destination);
        }
    }
}
