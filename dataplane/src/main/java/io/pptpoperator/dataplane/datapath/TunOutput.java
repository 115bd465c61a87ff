package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.protocol.ip.SegmentTrains;
import io.pptpoperator.protocol.ip.VirtioNetHeader;
import java.nio.ByteBuffer;

/**
 * Writes clients' packets to a TUN queue. Where the device takes segmentation offload, consecutive segments of a TCP
 * flow are joined, since one long write costs the kernel hardly more than a short one.
 */
final class TunOutput {
    /** Bytes that a packet's buffer must have before the packet, for the virtio header. */
    static final int HEADROOM = VirtioNetHeader.LENGTH;
    /** Flows joined at a time. */
    private static final int TRAINS = 8;

    private final TunQueue queue;
    private final boolean vnetHeader;
    private final NativeBuffer memory;
    private final SegmentTrains trains;
    private long failures;

    TunOutput(TunDevice device, TunQueue queue) {
        this.queue = queue;
        this.vnetHeader = device.vnetHeader();
        if (device.offload() == TunDevice.Offload.NONE) {
            memory = null;
            trains = null;
        } else {
            memory = NativeBuffer.ofPackets(SegmentTrains.bytesFor(TRAINS));
            trains = new SegmentTrains(memory.buffer(), TRAINS);
        }
    }

    /**
     * Writes a packet that {@link io.pptpoperator.protocol.ip.Ipv4Header#validate} accepted, now or with the next
     * {@link #flush}.
     *
     * @param buffer holds the packet, and {@link #HEADROOM} bytes of no more use before it
     * @param address of the buffer's first byte
     * @param offset where the packet starts
     * @param length bytes of the packet
     */
    void write(ByteBuffer buffer, long address, int offset, int length) {
        if (trains != null) {
            int result = trains.offer(buffer, offset);
            while (result >= 0) {
                writeTrain(result);
                result = trains.offer(buffer, offset);
            }
            if (result == SegmentTrains.TAKEN) {
                return;
            }
        }
        writeNow(buffer, address, offset, length);
    }

    /** Writes a packet at once, ahead of those that wait. */
    void writeNow(ByteBuffer buffer, long address, int offset, int length) {
        if (vnetHeader) {
            VirtioNetHeader.writeNone(buffer, offset - HEADROOM);
            count(queue.write(address + offset - HEADROOM, length + HEADROOM));
        } else {
            count(queue.write(address + offset, length));
        }
    }

    /** Writes what waits for company. */
    void flush() {
        if (trains != null) {
            for (int train = trains.next(); train >= 0; train = trains.next()) {
                writeTrain(train);
            }
        }
    }

    private void writeTrain(int train) {
        int start = trains.start(train);
        int length = trains.finish(train);
        count(queue.write(memory.address() + start, length));
    }

    private void count(int result) {
        if (result < 0) {
            failures++;
        }
    }

    /** Writes that the kernel did not take. */
    long failures() {
        return failures;
    }
}
