package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.TunQueue;

/**
 * A host that is a TUN device in the hands of a test: what the kernel routes to it is read, what it sends is written.
 */
final class TunEnd {
    private final TunQueue queue;
    private final NativeBuffer memory = NativeBuffer.ofPackets(1 << 16);
    private final Poller poller = new Poller(1);

    TunEnd(TunQueue queue) {
        this.queue = queue;
        poller.add(queue.fd(), Poller.READABLE);
    }

    /** Sends an IP packet. */
    void send(byte[] packet) {
        memory.buffer().put(0, packet);
        assertThat(queue.write(memory.address(), packet.length)).isEqualTo(packet.length);
    }

    /** The next IP packet that comes. */
    byte[] next() {
        long end = System.nanoTime() + Await.PATIENCE.toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            poller.await(left);
            int length = queue.read(memory.address(), memory.size());
            if (length > 0) {
                byte[] packet = new byte[length];
                memory.buffer().get(0, packet);
                return packet;
            }
        }
        throw new AssertionError("no packet came to the host behind the server");
    }
}
