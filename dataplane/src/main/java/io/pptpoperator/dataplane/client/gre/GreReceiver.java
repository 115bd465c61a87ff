package io.pptpoperator.dataplane.client.gre;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.linux.ThreadEnd;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.ObjIntConsumer;

/**
 * A thread that takes packets off the socket, in a few batches that go round: while one is worked off the next fills.
 * When all are under way the kernel's buffer has to hold.
 */
final class GreReceiver implements AutoCloseable {
    private static final int BATCHES = 4;

    private final RawGreSocket socket;
    private final ObjIntConsumer<ReceiveBatch> target;
    private final BlockingQueue<ReceiveBatch> free = new ArrayBlockingQueue<>(BATCHES);
    private final EventFd stop = new EventFd();
    private final Thread thread;
    private volatile int lastError;

    /**
     * Starts to receive.
     *
     * @param target gets a batch and how many packets it holds, and {@link #giveBack}s it
     */
    GreReceiver(RawGreSocket socket, int slots, int slotSize, ObjIntConsumer<ReceiveBatch> target) {
        this.socket = socket;
        this.target = target;
        for (int i = 0; i < BATCHES; i++) {
            free.add(new ReceiveBatch(socket, slots, slotSize));
        }
        thread = Thread.ofPlatform().daemon().name("gre-receiver").start(this::run);
    }

    void giveBack(ReceiveBatch batch) {
        free.add(batch);
    }

    /** The error number that the socket reported last, 0 when it has not. */
    int lastError() {
        return lastError;
    }

    private void run() {
        Poller poller = new Poller(2);
        int stopping = poller.add(stop.fd(), Poller.READABLE);
        poller.add(socket.fd(), Poller.READABLE);
        try {
            while (!poller.readable(stopping)) {
                ReceiveBatch batch = free.take();
                int count = batch.receive();
                if (count > 0) {
                    target.accept(batch, count);
                    continue;
                }
                giveBack(batch);
                if (count < 0 && count != -Errno.EAGAIN && count != -Errno.EINTR) {
                    lastError = -count;
                }
                socket.discardErrors();
                poller.await(-1);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, when the loop no longer gives batches back.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.signal();
        thread.interrupt();
        ThreadEnd.await(thread);
        stop.close();
    }
}
