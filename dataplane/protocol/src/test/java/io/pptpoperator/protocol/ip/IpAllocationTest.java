package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.rate.TokenBucket;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The path of a packet must not make garbage: counted by the JVM itself. */
class IpAllocationTest {
    private static final int ROUNDS = 2_000;
    private static final Ipv4Address CLIENT = new Ipv4Address(Packets.CLIENT);

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final ByteBuffer target = ByteBuffer.allocateDirect(2000);
    private final ByteBuffer syn = Packets
            .direct(Packets.tcpPacket(1, Packets.DF, 1, Packets.SYN, new byte[]{2, 4, 5, (byte) 0xB4}, new byte[0]), 0);
    private final ByteBuffer data = Packets
            .direct(Packets.tcpPacket(1, Packets.DF, 1, Packets.ACK, new byte[0], new byte[1460]), 0);
    private final ByteBuffer train = Packets
            .direct(Packets.tcpPacket(1, Packets.DF, 1, Packets.ACK, new byte[0], new byte[20_000]), 0);
    private final RoutingTable<Ipv4Address> routes = new RoutingTable<>();
    private final Fragmentation fragmentation = new Fragmentation(1);
    private final SegmentSplit split = new SegmentSplit();
    private final SegmentTrains trains = new SegmentTrains(ByteBuffer.allocateDirect(SegmentTrains.bytesFor(4)), 4);
    private final TokenBucket bucket = new TokenBucket(1000, 1000);

    private int run() {
        int done = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Ipv4Address owner = routes.find(Packets.CLIENT);
            done += owner.bits() == Packets.CLIENT && Ipv4Header.validate(syn, 0, 44) > 0 ? 1 : 0;
            syn.putShort(42, (short) 1460);
            done += MssClamp.clamp(syn, 0, 1356, false) ? 1 : 0;
            done += bucket.tryTake(i) ? IcmpError.fragmentationNeeded(target, 0, data, 0, 1, 1396) : 0;
            int fragments = fragmentation.begin(data, 0, 1396, true);
            for (int j = 0; j < fragments; j++) {
                done += fragmentation.next(target, 0);
            }
            int pieces = split.begin(train, 0, 1396, VirtioNetHeader.GSO_TCPV4, 1460, true);
            for (int j = 0; j < pieces; j++) {
                split.next(target, 0);
                done += trains.offer(target, 0) == SegmentTrains.TAKEN ? 1 : 0;
            }
            for (int next = trains.next(); next >= 0; next = trains.next()) {
                done += trains.finish(next);
            }
        }
        return done;
    }

    @Test
    void aPacketsWayAllocatesNothing() {
        routes.put(new Ipv4Prefix(CLIENT, 32), CLIENT);
        run();
        long before = threads.getCurrentThreadAllocatedBytes();
        int done = run();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROUNDS);
        assertThat(done).isGreaterThan(ROUNDS * 20_000);
    }
}
