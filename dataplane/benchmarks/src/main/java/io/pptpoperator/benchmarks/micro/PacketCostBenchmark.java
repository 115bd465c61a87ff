package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.ip.RoutingTable;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a packet to a client costs before the kernel gets it, from the look-up of its session to its GRE header, when
 * every packet is for another session, in no order.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketCostBenchmark {
    private static final int FIRST = Ipv4Address.parse("10.0.0.1").bits();
    private static final int PACKETS = 64;
    private static final int SLOT = 2_080;
    private static final int BYTES = 1_400;
    private static final int MPPE_AND_PROTOCOL = 4;
    private static final MppeParameters PARAMETERS = new MppeParameters(128, true);

    /** Sessions, one address each. */
    @Param({"1", "10000"})
    public int sessions;

    private record Session(int callId, MppeEncryptor encryptor, GreState gre) {}

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PACKETS * SLOT);
    private final MppeBatch batch = new MppeBatch(PACKETS);
    private final RoutingTable<Session> routes = new RoutingTable<>();
    private int[] destinations = {};
    private int next;
    private long now;

    /** Gives every session its address and keys. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(sessions);
        for (int i = 0; i < sessions; i++) {
            byte[] key = new byte[16];
            random.nextBytes(key);
            routes.put(new Ipv4Prefix(new Ipv4Address(FIRST + i), 32),
                    new Session(i + 1, new MppeEncryptor(PARAMETERS, key), new GreState()));
        }
        destinations = random.ints(1 << 16, FIRST, FIRST + sessions).toArray();
    }

    /** A batch of packets. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer packetsToClients() {
        now++;
        for (int i = 0; i < PACKETS; i++) {
            Session session = routes.find(destinations[next++ & 0xffff]);
            int start = i * SLOT;
            int ppp = start + GreHeader.DATA_LENGTH;
            int mppe = PppFrame.putHeader(buffer, ppp, PppProtocol.COMPRESSED, false, false);
            buffer.putShort(mppe + 2, (short) PppProtocol.IPV4);
            batch.encrypt(session.encryptor, buffer, mppe, MPPE_AND_PROTOCOL + BYTES);
            GreHeader.writeData(buffer, start, session.callId, mppe - ppp + MPPE_AND_PROTOCOL + BYTES,
                    session.gre.takeSequence(now));
        }
        batch.finish();
        batch.clear();
        return buffer;
    }
}
