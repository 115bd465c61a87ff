package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountersTest {

    @Test
    void everyCauseIsCountedForItself() {
        DropCounters drops = new DropCounters();
        for (DropCause cause : DropCause.values()) {
            for (int i = 0; i <= cause.ordinal(); i++) {
                drops.count(cause);
            }
        }
        for (DropCause cause : DropCause.values()) {
            assertThat(drops.get(cause)).isEqualTo(cause.ordinal() + 1);
        }
    }

    @Test
    void labelsDifferAndAreFitForMetrics() {
        assertThat(Stream.of(DropCause.values()).map(DropCause::label)).doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void trafficIsCountedByDirectionAndItsTimeIsKept() {
        TrafficCounters traffic = new TrafficCounters();
        traffic.heard(5);
        assertThat(traffic.lastHeard()).isEqualTo(5);
        assertThat(traffic.lastData()).isZero();
        traffic.countIn(100, 10);
        traffic.countIn(50, 20);
        traffic.countOut(1400, 30);
        traffic.countReordered();
        assertThat(traffic.packetsIn()).isEqualTo(2);
        assertThat(traffic.bytesIn()).isEqualTo(150);
        assertThat(traffic.packetsOut()).isEqualTo(1);
        assertThat(traffic.bytesOut()).isEqualTo(1400);
        assertThat(traffic.reordered()).isEqualTo(1);
        assertThat(traffic.lastData()).isEqualTo(30);
        assertThat(traffic.lastHeard()).isEqualTo(5);
    }
}
