package io.pptpoperator.dataplane.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelMtuTest {

    @ParameterizedTest
    @CsvSource({"1500, 1400", "9000, 1400", "1450, 1400", "1444, 1400", "1443, 1399", "1420, 1376", "1370, 1326",
            "600, 576", ", 1400"})
    void grePacketsFitTheUplink(Integer uplink, int tunnel) {
        assertThat(TunnelMtu.forUplink(uplink == null ? OptionalInt.empty() : OptionalInt.of(uplink)))
                .isEqualTo(tunnel);
    }
}
