package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceRouteTest {

    @ParameterizedTest
    @CsvSource({"'', false", "01010100, false", "83070400000000 00, true", "89070400000000 00, true",
            "01010183070400000000 0000, true", "94040000, false", "0704040000 000000, false",
            "07040400 83070400 000000 00, true", "00000083, false", "94000000, true", "94010000, true",
            "01010194, true", "0794 0000, true"})
    void onlyPrescribedWaysAndWhatCannotBeReadAreFound(String options, boolean found) {
        byte[] bytes = HexFormat.of().parseHex(options.replace(" ", ""));
        ByteBuffer packet = ByteBuffer.allocate(4 + 20 + bytes.length + 8);
        packet.put(4, (byte) (0x45 + bytes.length / 4)).put(24, bytes);
        assertThat(SourceRoute.isIn(packet, 4)).isEqualTo(found);
    }
}
