package io.pptpoperator.dataplane.interop.lab;

import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.TapDevice;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A wire with weather between one machine and the network that it was plugged into, until it is closed: two tap devices,
 * and a thread that carries frames between them. ARP passes at once, whatever the weather.
 */
public final class LongWire implements AutoCloseable {

    private static final int ETHERTYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int MOST_WAITING = 50_000;

    /** A frame on its way; of two that are due at once the one that came first goes first. */
    private record Underway(long due, long number, byte[] frame, boolean outward) {}

    private final TapDevice machine;
    private final TapDevice network;
    private final Weather out;
    private final Weather back;
    private final Runnable unplug;
    private final Random random;
    private final PriorityQueue<Underway> underway = new PriorityQueue<>(
            Comparator.comparingLong(Underway::due).thenComparingLong(Underway::number));
    private final NativeBuffer room = NativeBuffer.ofPackets(TapDevice.LONGEST_FRAME);
    private final Poller poller = new Poller(3);
    private final EventFd stop = new EventFd();
    private final Thread thread = new Thread(this::carry, "long wire");
    private long frames;
    private volatile boolean stopping;
    private final AtomicLong lost = new AtomicLong();

    /**
     * Begins to carry.
     *
     * @param machine the tap that the machine is plugged into
     * @param network the tap that is plugged into the network
     * @param out from the machine into the network
     * @param back from the network to the machine
     * @param seed of what is left to chance
     * @param unplug undoes the plugging
     */
    LongWire(TapDevice machine, TapDevice network, Weather out, Weather back, long seed, Runnable unplug) {
        this.machine = machine;
        this.network = network;
        this.out = out;
        this.back = back;
        this.unplug = unplug;
        random = new Random(seed);
        poller.add(stop.fd(), Poller.READABLE);
        poller.add(machine.fd(), Poller.READABLE);
        poller.add(network.fd(), Poller.READABLE);
        thread.setDaemon(true);
        thread.start();
    }

    /** How many packets it has lost. */
    public long lost() {
        return lost.get();
    }

    private void carry() {
        while (!stopping) {
            take(machine, out, true);
            take(network, back, false);
            long wait = deliver();
            poller.await(wait);
        }
    }

    private void take(TapDevice from, Weather weather, boolean outward) {
        for (int length = from.read(room); length > 0; length = from.read(room)) {
            long now = System.nanoTime();
            byte[] frame = new byte[length];
            room.buffer().get(0, frame);
            if (length <= ETHERTYPE + 2 || (room.buffer().getShort(ETHERTYPE) & 0xffff) != IPV4) {
                underway.add(new Underway(now, frames++, frame, outward));
            } else if (random.nextDouble() < weather.loss() || underway.size() >= MOST_WAITING) {
                lost.incrementAndGet();
            } else {
                long due = now + weather.delay().toNanos();
                if (random.nextDouble() < weather.overtaken()) {
                    due += Weather.OVERTAKING.toNanos();
                }
                underway.add(new Underway(due, frames++, frame, outward));
                if (random.nextDouble() < weather.doubled()) {
                    underway.add(new Underway(due, frames++, frame, outward));
                }
            }
        }
    }

    /** Delivers what is due; how many nanoseconds it is until the next is, or -1. */
    private long deliver() {
        while (!underway.isEmpty()) {
            long early = underway.element().due() - System.nanoTime();
            if (early > 0) {
                return early;
            }
            Underway arriving = underway.remove();
            room.buffer().put(0, arriving.frame());
            (arriving.outward() ? network : machine).write(room, arriving.frame().length);
        }
        return -1;
    }

    /** Plugs the machine back in; what is underway is lost. */
    @Override
    public void close() {
        stopping = true;
        stop.signal();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        unplug.run();
        machine.close();
        network.close();
        stop.close();
    }
}
