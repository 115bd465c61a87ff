package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.gre.GreHeader;
import io.pptpoperator.dataplane.ip.Fragmentation;
import io.pptpoperator.dataplane.ip.IcmpError;
import io.pptpoperator.dataplane.ip.Ipv4Header;
import io.pptpoperator.dataplane.ip.MssClamp;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import java.nio.ByteBuffer;

/**
 * The way to the clients: TUN to GRE. Everything here runs on the worker's thread and allocates nothing per packet, but
 * for control frames.
 */
final class Outbound {
    private static final int BATCH = 64;
    /** Room for the largest IP packet of a link, its headers, and control frames of any peer's MRU. */
    private static final int SLOT_SIZE = 2048;
    private static final int LARGEST_PACKET = 65_536;
    private static final int ADDRESS_AND_CONTROL = 0xFF03;
    private static final int MPPE_HEADER = 2;

    private final Worker worker;
    private final Datapath datapath;
    private final TunQueue queue;
    private final SendBatch batch;
    private final NativeBuffer packet = NativeBuffer.ofPackets(LARGEST_PACKET);
    private final Fragmentation fragmentation = new Fragmentation();
    private final IcmpToTun icmp;

    Outbound(Worker worker, Datapath datapath, RawGreSocket socket, TunQueue queue) {
        this.worker = worker;
        this.datapath = datapath;
        this.queue = queue;
        this.batch = new SendBatch(socket, BATCH, SLOT_SIZE);
        this.icmp = new IcmpToTun(queue, datapath);
    }
}
