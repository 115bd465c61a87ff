package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.EventFd;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.Poller;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.Scheduling;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.protocol.gre.ReorderSlab;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One thread that owns a TUN queue, a GRE socket and its share of the tunnels. It takes what has arrived on either
 * side in batches, and sleeps in one system call when there is nothing. Other threads reach it by {@link #execute}.
 */
final class Worker implements Runnable {
    /** Milliseconds between looks at what is due by the clock, while anything is. */
    private static final long SWEEP_INTERVAL = 10;
    private static final long FOREVER = -1;

    private final int index;
    private final EventFd wakeUp = new EventFd();
    private final Poller poller = new Poller(3);
    private final RawGreSocket socket;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<WorkerTunnel> owingAcks = new ArrayList<>();
    private final List<WorkerTunnel> holdingPackets = new ArrayList<>();
    private final DropCounters drops = new DropCounters();
    private final TrafficCounters traffic = new TrafficCounters();
    private final ReorderSlab slab;
    private final TunOutput tun;
    private final GreSender sender;
    private final HostGate hostGate;
    private final IpFromClient ip;
    private final Inbound inbound;
    private final Outbound outbound;
    private long nextSweep;
    /** Whether it has leave to go first, and does. */
    private boolean mayGoFirst;
    private boolean goesFirst;
    private volatile boolean stopping;

    Worker(int index, Datapath datapath, RawGreSocket socket, Optional<PacketSocket> packets, TunDevice device,
            ReorderSlab slab, boolean goesFirst) {
        this.index = index;
        this.socket = socket;
        this.slab = slab;
        this.mayGoFirst = goesFirst;
        TunQueue queue = device.queues().get(index);
        tun = new TunOutput(device, queue);
        sender = new GreSender(this, socket, packets, datapath.randomIdentification());
        hostGate = new HostGate(datapath::policy, datapath::localAddresses, datapath.randomSeed());
        outbound = new Outbound(this, datapath, device, queue, tun, sender);
        ip = new IpFromClient(this, datapath, tun, outbound);
        inbound = new Inbound(this, datapath, socket, ip);
        poller.add(wakeUp.fd(), Poller.READABLE);
        poller.add(socket.fd(), Poller.READABLE);
        poller.add(queue.fd(), Poller.READABLE);
    }

    /** Tells it of all workers, itself among them, before they start. */
    void linkTo(List<Worker> workers) {
        outbound.linkTo(workers);
    }

    /** Its number, 0 and up: tunnels whose Call ID leaves this remainder are its own. */
    int index() {
        return index;
    }

    /** The traffic of all its tunnels, past ones included. */
    TrafficCounters traffic() {
        return traffic;
    }

    DropCounters drops() {
        return drops;
    }

    ReorderSlab slab() {
        return slab;
    }

    Outbound outbound() {
        return outbound;
    }

    HostGate hostGate() {
        return hostGate;
    }

    GreSender sender() {
        return sender;
    }

    /** Packets to clients that the kernel did not take. */
    long sendFailures() {
        return sender.failures();
    }

    /** Packets from clients that the TUN device did not take. */
    long tunFailures() {
        return tun.failures();
    }

    /** Packets that the kernel dropped because this worker did not come for them in time. */
    long kernelDrops() {
        return Math.max(0, socket.kernelDrops());
    }

    /** Runs a command on the worker's thread, soon. */
    void execute(Runnable command) {
        commands.add(command);
        wakeUp.signal();
    }

    /** Wakes the worker up: another one has put packets into its ring. */
    void wake() {
        wakeUp.signal();
    }

    /** Ends {@link #run} soon. */
    void stop() {
        stopping = true;
        wakeUp.signal();
    }

    void close() {
        wakeUp.close();
        socket.close();
    }

    @Override
    public void run() {
        Precedence precedence = new Precedence(System.nanoTime());
        while (!stopping) {
            long now = MonotonicClock.millis();
            runCommands();
            int taken = inbound.receive(now) + outbound.forward(now);
            sweep(now);
            if (ip.hasEarly()) {
                ip.releaseEarly(now);
            }
            tun.flush();
            sender.flush();
            precedence.awake(System.nanoTime());
            if (taken == 0 && commands.isEmpty()) {
                sleep();
                precedence.asleep(System.nanoTime());
            }
            if (mayGoFirst && precedence.isFirst() != goesFirst) {
                goFirst(precedence.isFirst());
            }
        }
        runCommands();
        sender.flush();
    }

    private void goFirst(boolean first) {
        goesFirst = first;
        int result = first ? Scheduling.aheadOfOthers() : Scheduling.asOthers();
        if (result < 0) {
            // Without the capability, or in a control group without real-time: it has never been first.
            mayGoFirst = false;
        }
    }

    private void runCommands() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
    }

    private void sleep() {
        boolean timed = !owingAcks.isEmpty() || !holdingPackets.isEmpty() || ip.hasEarly();
        poller.await(timed ? SWEEP_INTERVAL * 1_000_000 : FOREVER);
        wakeUp.drain();
    }

    /** Notes that a tunnel owes an acknowledgment, which leaves alone if no data goes its way in time. */
    void ackOwed(WorkerTunnel tunnel) {
        if (!tunnel.ackQueued) {
            tunnel.ackQueued = true;
            owingAcks.add(tunnel);
        }
    }

    /** Notes that a tunnel holds packets that came early. */
    void packetsHeld(WorkerTunnel tunnel) {
        if (!tunnel.reorderQueued) {
            tunnel.reorderQueued = true;
            holdingPackets.add(tunnel);
        }
    }

    /**
     * Looks after what is due by the clock: acknowledgments that found no data to ride on, packets held long enough.
     * Passing over the few tunnels concerned every few milliseconds is simpler than a timer for each, and cheaper.
     */
    private void sweep(long now) {
        if (now < nextSweep) {
            return;
        }
        nextSweep = owingAcks.isEmpty() && holdingPackets.isEmpty() ? now : now + SWEEP_INTERVAL;
        for (int i = owingAcks.size() - 1; i >= 0; i--) {
            WorkerTunnel tunnel = owingAcks.get(i);
            boolean owes = tunnel.gre.owesAck() && tunnel.mayAnswer();
            if (owes && tunnel.gre.ackDeadline() <= now) {
                sender.sendAck(tunnel);
                owes = false;
            }
            if (!owes) {
                tunnel.ackQueued = false;
                removeUnordered(owingAcks, i);
            }
        }
        for (int i = holdingPackets.size() - 1; i >= 0; i--) {
            WorkerTunnel tunnel = holdingPackets.get(i);
            tunnel.window.expire(now);
            inbound.deliverHeld(tunnel, now);
            if (tunnel.window.deadline() == Long.MAX_VALUE) {
                tunnel.reorderQueued = false;
                removeUnordered(holdingPackets, i);
            }
        }
    }

    private static void removeUnordered(List<WorkerTunnel> tunnels, int index) {
        WorkerTunnel last = tunnels.removeLast();
        if (index < tunnels.size()) {
            tunnels.set(index, last);
        }
    }
}
