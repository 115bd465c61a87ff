package io.pptpoperator.dataplane.datapath;

import static io.pptpoperator.dataplane.datapath.ShapedLine.MILLI;
import static io.pptpoperator.dataplane.datapath.ShapedLine.PACKET;
import static io.pptpoperator.dataplane.datapath.ShapedLine.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pptpoperator.protocol.rate.RateBucket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShaperTest {
    private static final long ROUND_TRIP = 20 * MILLI;
    private static final int SLOTS = 8_192;

    private final ShapedLine line = new ShapedLine();

    /** Has the client ping all the time; the times that its pings take. */
    private List<Long> pings(ShapedQueue queue) {
        List<Long> waited = new ArrayList<>();
        line.at(line.now, () -> ping(queue, waited));
        return waited;
    }

    private void ping(ShapedQueue queue, List<Long> waited) {
        long sent = line.now;
        line.send(queue, 0, 84, () -> waited.add(line.now - sent));
        line.at(line.now + 97 * MILLI, () -> ping(queue, waited));
    }

    @ParameterizedTest
    @CsvSource({"1000000, 1, 60", "1000000, 8, 200", "2000000, 1, 30", "2000000, 8, 80", "10000000, 1, 10",
            "10000000, 8, 10", "200000000, 1, 5", "200000000, 8, 5"})
    void tcpGetsItsRateAndAPingBesideItHardlyWaits(long bitsPerSecond, int connections, long mostWait) {
        ShapedQueue queue = line.session(bitsPerSecond);
        List<ShapedLine.Download> downloads = new ArrayList<>();
        for (int port = 1; port <= connections; port++) {
            downloads.add(line.new Download(queue, port, ROUND_TRIP));
        }
        List<Long> pings = pings(queue);
        line.run(10 * SECOND);
        double allowed = bitsPerSecond / 8.0 * 10;
        assertThat(line.passed(queue) / allowed).as("IP, of the rate").isLessThan(1.03);
        double payload = downloads.stream().mapToLong(ShapedLine.Download::payload).sum();
        assertThat(payload / allowed).as("payload, of the rate").isBetween(0.92, 1.0);
        assertThat(pings).as("pings").hasSizeGreaterThan(100);
        assertThat(Collections.max(pings)).as("the longest wait of a ping").isLessThanOrEqualTo(mostWait * MILLI);
        double even = payload / connections;
        assertThat(downloads).allSatisfy(it -> assertThat(it.payload() / even).as("its share").isBetween(0.7, 1.3));
    }

    private static void nothing() {}

    @Test
    void aFloodThatDoesNotSlowDownIsCutToTheRateAndItsQueueStaysShort() {
        ShapedQueue queue = line.session(10_000_000);
        for (long time = line.now; time < line.now + 5 * SECOND; time += MILLI / 10) {
            line.at(time, () -> line.send(queue, 1, PACKET, ShaperTest::nothing));
        }
        List<Long> pings = pings(queue);
        line.run(5 * SECOND);
        assertThat((double) line.passed(queue)).isCloseTo(6_500_000, within(20_000.0));
        assertThat(queue.bytes()).isLessThanOrEqualTo(625_000);
        assertThat(Collections.max(pings)).isLessThanOrEqualTo(10 * MILLI);
        assertThat(line.drops.get(DropCause.RATE_LIMIT_DOWN)).isGreaterThan(40_000);
    }

    @Test
    void sessionsThatShareABucketGetTheRateTogetherAndEachItsPart() {
        RateBucket bucket = new RateBucket(10_000_000, 0, line.now);
        List<ShapedQueue> queues = List.of(line.session(bucket), line.session(bucket), line.session(bucket));
        for (ShapedQueue queue : queues) {
            line.new Download(queue, 1, ROUND_TRIP);
        }
        line.run(10 * SECOND);
        long all = queues.stream().mapToLong(line::passed).sum();
        assertThat(all / 12_500_000.0).isBetween(0.96, 1.03);
        assertThat(queues).allSatisfy(it -> assertThat(line.passed(it) * 3.0 / all).isBetween(0.8, 1.2));
    }

    @Test
    void manySessionsAtATimeGetTheirRateEach() {
        List<ShapedQueue> queues = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ShapedQueue queue = line.session(1_000_000);
            queues.add(queue);
            // A packet more than its rate every 11 ms, none of them at the same time.
            for (long time = line.now + i * 5_000L; time < line.now + 4 * SECOND; time += 11 * MILLI) {
                line.at(time, () -> line.send(queue, 1, PACKET, ShaperTest::nothing));
            }
        }
        line.run(4 * SECOND);
        assertThat(queues).allSatisfy(it -> assertThat((double) line.passed(it)).isCloseTo(507_000, within(25_000.0)));
        assertThat(line.slab.free()).isPositive();
    }

    @Test
    void whatWaitsOfOneSessionKeepsNothingOfAnotherWaiting() {
        ShapedQueue slow = line.session(8_000);
        ShapedQueue quick = line.session(100_000_000);
        for (int i = 0; i < 40; i++) {
            line.send(slow, 1, PACKET, ShaperTest::nothing);
        }
        for (int i = 0; i < 2_000; i++) {
            line.send(quick, 1, PACKET, ShaperTest::nothing);
        }
        line.run(SECOND);
        assertThat(line.passed(quick)).isEqualTo(2_000L * PACKET);
        assertThat(slow.packets()).isPositive();
    }

    @Test
    void anotherRateSoonCountsForWhatWaitsAlready() {
        RateBucket bucket = new RateBucket(8_000, 0, line.now);
        ShapedQueue queue = line.session(bucket);
        for (int i = 0; i < 30; i++) {
            line.send(queue, 1, PACKET, ShaperTest::nothing);
        }
        line.run(SECOND);
        assertThat(queue.isEmpty()).isFalse();
        bucket.change(100_000_000, 0, line.now);
        line.run(60 * MILLI);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aRateThatIsOverLetsWhatWaitsPassInOrder() {
        ShapedQueue queue = line.session(8_000);
        for (int i = 0; i < 10; i++) {
            line.send(queue, 1, PACKET, ShaperTest::nothing);
        }
        line.shaper.flush(queue, line.now, line.now / MILLI);
        assertThat(line.arrived()).hasSize(10);
        assertThat(line.arrived().stream().map(it -> ByteBuffer.wrap(it).getInt(28))).isSorted();
        line.run(SECOND);
        assertThat(line.shaper.isEmpty()).isTrue();
        assertThat(line.slab.free()).isEqualTo(SLOTS);
    }

    @Test
    void whatWaitsOfASessionThatEndsIsGone() {
        ShapedQueue queue = line.session(8_000);
        for (int i = 0; i < 10; i++) {
            line.send(queue, 1, PACKET, ShaperTest::nothing);
        }
        int before = line.arrived().size();
        queue.tunnel().close();
        line.run(100 * MILLI);
        assertThat(line.arrived()).hasSize(before);
        assertThat(line.shaper.isEmpty()).isTrue();
        assertThat(line.slab.free()).isEqualTo(SLOTS);
    }

    @Test
    void whoeverStaysBelowTheRateTakesNoMemoryAndNoTimer() {
        for (int session = 0; session < 100; session++) {
            ShapedQueue queue = line.session(10_000_000);
            for (int i = 0; i < 100; i++) {
                line.at(line.now + i * 10L * MILLI, () -> line.send(queue, 1, PACKET, ShaperTest::nothing));
            }
        }
        line.run(2 * SECOND);
        assertThat(line.slab.bytes()).isZero();
        assertThat(line.shaper.isEmpty()).isTrue();
    }

    @Test
    void oneFloodLeavesRoomForOthersEvenWhereMemoryIsShort() {
        List<ShapedQueue> floods = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            floods.add(line.session(1_000_000_000));
        }
        for (int round = 0; round < 2_000; round++) {
            floods.forEach(it -> line.send(it, 1, PACKET, ShaperTest::nothing));
        }
        ShapedQueue quiet = line.session(8_000);
        for (int i = 0; i < 10; i++) {
            line.send(quiet, 1, PACKET, ShaperTest::nothing);
        }
        assertThat(quiet.packets()).isGreaterThanOrEqualTo(7);
        assertThat(floods).allMatch(it -> it.packets() <= SLOTS / 40 + 1);
    }

    /** Whatever comes: each flow's packets in order, none twice, each one passed or counted, every slot free at last. */
    @Property(tries = 200)
    void nothingIsLostUncountedOrReordered(@ForAll @Size(max = 800) List<@IntRange(min = 0, max = 79) Integer> events) {
        ShapedLine any = new ShapedLine();
        List<ShapedQueue> queues = List.of(any.session(64_000), any.session(1_000_000), any.session(50_000_000));
        int sent = 0;
        for (int event : events) {
            if (event < 70) {
                any.send(queues.get(event % 3), 1 + event % 23, 40 + 20 * event, ShaperTest::nothing);
                sent++;
            } else {
                any.run((event - 69) * 3L * MILLI);
            }
        }
        any.run(100 * SECOND);
        assertThat(any.shaper.isEmpty()).isTrue();
        assertThat(any.arrived().size() + any.drops.get(DropCause.RATE_LIMIT_DOWN)).isEqualTo(sent);
        Map<String, Integer> last = new HashMap<>();
        for (byte[] packet : any.arrived()) {
            ByteBuffer ip = ByteBuffer.wrap(packet);
            // By its length a packet tells which session's it is: each event always is the same one's.
            Integer before = last.put((packet.length - 40) / 20 % 3 + "/" + ip.getInt(20), ip.getInt(28));
            assertThat(before == null || before < ip.getInt(28)).isTrue();
        }
        assertThat(any.slab.free()).isEqualTo(SLOTS);
    }
}
