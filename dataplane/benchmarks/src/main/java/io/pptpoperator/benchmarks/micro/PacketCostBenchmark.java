package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.ip.RoutingTable;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.tunnel.TunnelDrop;
import io.pptpoperator.protocol.tunnel.TunnelReceiver;
import io.pptpoperator.protocol.tunnel.TunnelSender;
import io.pptpoperator.protocol.tunnel.TunnelSink;
import io.pptpoperator.protocol.tunnel.TunnelState;
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
 * What a packet costs apart from the kernel, from the look-up of its session to its GRE header and back, when every packet
 * is for another session, in no order.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketCostBenchmark {
    private static final int FIRST = Ipv4Address.parse("10.0.0.1").bits();
    private static final int PACKETS = 64;
    private static final int SLOT = 2_080;
    private static final int BYTES = 1_400;
    private static final int IPV4 = 0x4500_0000 | BYTES;
    private static final MppeParameters PARAMETERS = new MppeParameters(128, true);

    /** Sessions, one address each. */
    @Param({"1", "10000"})
    public int sessions;

    /** The two ends of a session. */
    private record Session(TunnelState server, TunnelState client) {}

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PACKETS * SLOT);
    private final int[] lengths = new int[PACKETS];
    private final Session[] batch = new Session[PACKETS];
    private final TunnelSender sender = new TunnelSender(PACKETS);
    private final Arrived arrived = new Arrived();
    private final TunnelReceiver<TunnelState> receiver = new TunnelReceiver<>(arrived, PACKETS,
            ByteBuffer.allocateDirect(SLOT), 0);
    private final RoutingTable<Session> routes = new RoutingTable<>();
    private int[] destinations = {};
    private int next;
    private long now;

    /** Gives every session its address and keys. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(sessions);
        ReorderSlab slab = new ReorderSlab(64, SLOT);
        for (int i = 0; i < sessions; i++) {
            byte[] key = new byte[16];
            random.nextBytes(key);
            Session session = new Session(end(i + 1, slab), end(i + 1, slab));
            session.server.encrypt(new MppeEncryptor(PARAMETERS, key));
            session.client.decrypt(new MppeDecryptor(PARAMETERS, key));
            routes.put(new Ipv4Prefix(new Ipv4Address(FIRST + i), 32), session);
        }
        destinations = random.ints(1 << 16, FIRST, FIRST + sessions).toArray();
    }

    private static TunnelState end(int callId, ReorderSlab slab) {
        return new TunnelState(callId, true, new ReceiveWindow(slab, 0, 0));
    }

    /** A batch of packets. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer packetsToClients() {
        sendAll();
        return buffer;
    }

    /** A batch of packets that the other ends receive: receiving alone is this less {@link #packetsToClients}. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packetsToClientsAndThroughThem() {
        sendAll();
        for (int i = 0; i < PACKETS; i++) {
            int header = GreHeader.validate(buffer, i * SLOT, lengths[i]);
            receiver.receive(batch[i].client, buffer, i * SLOT, header, now);
        }
        receiver.finish(now);
        return arrived.bytes;
    }

    private void sendAll() {
        now++;
        for (int i = 0; i < PACKETS; i++) {
            Session session = routes.find(destinations[next++ & 0xffff]);
            // What is decrypted must look like an IP packet, or the search for its key would be measured.
            buffer.putInt(sender.beginIp(session.server, buffer, i * SLOT), IPV4);
            lengths[i] = sender.endIp(session.server, BYTES, now);
            batch[i] = session;
        }
        sender.finish();
    }

    /** Counts what arrives. */
    private static final class Arrived implements TunnelSink<TunnelState> {
        private long bytes;

        @Override
        public void ip(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean encrypted, long now) {
            bytes += length;
        }

        @Override
        public void controlFrame(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean inOrder,
                long now) {
            throw new IllegalStateException("no control frame was sent");
        }

        @Override
        public void resetNeeded(TunnelState tunnel) {
            throw new IllegalStateException("nothing was lost");
        }

        @Override
        public void hopeless(TunnelState tunnel) {
            throw new IllegalStateException("both ends have the same keys");
        }

        @Override
        public void dropped(TunnelState tunnel, TunnelDrop cause) {
            throw new IllegalStateException("a packet was dropped: " + cause);
        }
    }
}
