package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A client whose host's own TCP uses the tunnel: carries packets between a TUN device of the clients' host and GRE, in
 * a thread of its own, one packet at a time.
 */
final class GreRelay implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int SLOT_SIZE = 2048;
    private static final int OUTER_HEADER = 20;
    /** FF 03, 00 FD, MPPE's header, 00 21. */
    private static final int PPP_OVERHEAD = 8;

    private final TunDevice tun;
    private final TunQueue queue;
    private final RawGreSocket socket;
    private final ReceiveBatch in;
    private final SendBatch out;
    private final Poller poller = new Poller(3);
    private final EventFd stop = new EventFd();
    private final NativeBuffer packet = NativeBuffer.ofPackets(SLOT_SIZE);
    private final MppeWorkspace workspace = new MppeWorkspace();
    private final Thread thread = new Thread(this::run, "relay");
    private final Ipv4Address from;
    private final int callId;
    private final int serverCallId;
    private final MppeEncryptor encryptor;
    private final MppeDecryptor decryptor;
    private int sequence;
    private volatile boolean stopping;

    private GreRelay(String device, Ipv4Address from, int callId, int serverCallId, MppeEncryptor encryptor,
            MppeDecryptor decryptor) {
        this.from = from;
        this.callId = callId;
        this.serverCallId = serverCallId;
        this.encryptor = encryptor;
        this.decryptor = decryptor;
        tun = TunDevice.open(device, 1, TunDevice.Offload.NONE);
        queue = tun.queues().getFirst();
        socket = RawGreSocket.open(8 << 20, Optional.empty());
        in = new ReceiveBatch(socket, BATCH, SLOT_SIZE);
        out = new SendBatch(socket, BATCH, SLOT_SIZE);
        poller.add(stop.fd(), Poller.READABLE);
        poller.add(socket.fd(), Poller.READABLE);
        poller.add(queue.fd(), Poller.READABLE);
    }

    /** Makes the device in this namespace, with the client's address, and starts. */
    static GreRelay start(NetworkNamespace host, String device, Ipv4Address address, Ipv4Address from, int callId,
            int serverCallId, MppeEncryptor encryptor, MppeDecryptor decryptor) {
        GreRelay relay = host.call(() -> new GreRelay(device, from, callId, serverCallId, encryptor, decryptor));
        host.command("ip", "addr", "add", address + "/32", "dev", device);
        host.command("ip", "link", "set", device, "mtu", Integer.toString(DatapathLab.MTU), "up");
        // A table of its own, because other clients on this host reach the same gateway by other devices.
        String table = Integer.toString(100 + (address.bits() & 0xff));
        host.command("ip", "route", "add", DatapathLab.GATEWAY.toString(), "dev", device, "table", table);
        host.command("ip", "rule", "add", "from", address.toString(), "table", table);
        relay.thread.start();
        return relay;
    }

    private void run() {
        while (!stopping) {
            int taken = Math.max(0, fromServer()) + toServer();
            out.flush();
            if (taken == 0) {
                poller.await(-1);
            }
        }
    }

    private int fromServer() {
        int count = in.receive();
        ByteBuffer buffer = in.buffer();
        for (int slot = 0; slot < count; slot++) {
            int gre = in.offset(slot) + OUTER_HEADER;
            int header = GreHeader.validate(buffer, gre, in.length(slot) - OUTER_HEADER);
            if (header > 0 && GreHeader.callId(buffer, gre) == callId && GreHeader.hasSequence(buffer, gre)) {
                int length = GreHeader.payloadLength(buffer, gre);
                int mppe = gre + header + 4;
                if (decryptor.decrypt(buffer, mppe, length - 4, GreHeader.sequence(buffer, gre),
                        workspace) == MppeVerdict.OK) {
                    queue.write(in.address() + mppe + 4, length - PPP_OVERHEAD);
                }
            }
        }
        return count;
    }

    private int toServer() {
        int taken = 0;
        int length = 1;
        while (taken < BATCH && length > 0) {
            length = queue.read(packet.address(), SLOT_SIZE - GreHeader.DATA_LENGTH - PPP_OVERHEAD);
            if (length > 0) {
                taken++;
                ByteBuffer buffer = out.buffer();
                int start = out.slotOffset();
                int ppp = start + GreHeader.writeData(buffer, start, serverCallId, length + PPP_OVERHEAD, sequence++);
                buffer.putInt(ppp, 0xff03_00fd)
                        .putShort(ppp + 6, (short) 0x0021)
                        .put(ppp + PPP_OVERHEAD, packet.buffer(), 0, length);
                encryptor.encrypt(buffer, ppp + 4, length + 4, workspace);
                out.commit(DatapathLab.SERVER.bits(), from.bits(), GreHeader.DATA_LENGTH + PPP_OVERHEAD + length);
            }
        }
        return taken;
    }

    @Override
    public void close() {
        stopping = true;
        stop.signal();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tun.close();
        socket.close();
        stop.close();
    }
}
