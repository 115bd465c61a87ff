package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A tunnel's listener that keeps what it is told. */
final class Frames implements TunnelListener {
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> informs = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> outOfOrder = new LinkedBlockingQueue<>();
    final AtomicInteger resetsNeeded = new AtomicInteger();
    final AtomicInteger hopeless = new AtomicInteger();
    final AtomicInteger usedUp = new AtomicInteger();

    @Override
    public void onControlFrame(byte[] frame) {
        frames.add(frame);
    }

    @Override
    public void onFrameOutOfOrder(byte[] frame) {
        outOfOrder.add(frame);
    }

    @Override
    public void onMppeResetNeeded() {
        resetsNeeded.incrementAndGet();
    }

    @Override
    public void onMppeHopeless() {
        hopeless.incrementAndGet();
    }

    @Override
    public void onInform(byte[] packet) {
        informs.add(packet);
    }

    @Override
    public void onOctetsUsedUp() {
        usedUp.incrementAndGet();
    }

    /** The next control frame, which may still be under way. */
    byte[] next() {
        return next(frames);
    }

    /** The next frame out of order. */
    byte[] nextOutOfOrder() {
        return next(outOfOrder);
    }

    /** The next DHCPINFORM. */
    byte[] nextInform() {
        return next(informs);
    }

    /** How many DHCPINFORMs wait. */
    int waitingInforms() {
        return informs.size();
    }

    private static byte[] next(BlockingQueue<byte[]> queue) {
        try {
            byte[] frame = queue.poll(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(frame).as("a control frame").isNotNull();
            return frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many control frames wait. */
    int waiting() {
        return frames.size();
    }
}
