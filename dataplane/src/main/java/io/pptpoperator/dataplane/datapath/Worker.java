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
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/**
 * One thread that owns a TUN queue, a GRE socket and its share of the tunnels. It takes what has arrived on either
 * side in batches, and sleeps in one system call when there is nothing. Other threads reach it by {@link #execute}.
 */
final class Worker implements Runnable {
    private static final int REORDER_SLOTS = 4_096;
    private static final int REORDER_SLOT_BYTES = 1_600;
    private static final long FOREVER = -1;
    /** How long a link that has no room is given to get some. */
    private static final long LINK_NANOS = 200_000;
    /** Packets of sessions with a rate that leave in one round, each way. */
    private static final int MOST_RELEASED = 128;
    /** Nanoseconds. What should leave in less may do so together: rates come out right all the same. */
    private static final long SHORTEST_SLEEP = 500_000;

    /**
     * What all workers of a datapath share.
     *
     * @param directory of all tunnels
     * @param rules for all packets
     * @param controlLoop where listeners are called
     * @param handover packets from worker to worker
     */
    record Shared(TunnelDirectory directory, LiveRules rules, ControlLoop controlLoop, Handover handover) {}

    private final int index;
    private final EventFd wakeUp;
    private final Poller poller = new Poller(3);
    private final RawGreSocket socket;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final WorkerCounters counters = new WorkerCounters();
    private final DueTunnels due = new DueTunnels();
    private final ReorderSlab slab = new ReorderSlab(REORDER_SLOTS, REORDER_SLOT_BYTES);
    private final TunOutput tun;
    private final GreSender sender;
    private final IpFromClient ip;
    private final Inbound inbound;
    private final Outbound outbound;
    /** Whether it may have real-time priority, and has it. */
    private boolean mayRunAhead;
    private boolean runsAhead;
    private volatile boolean stopping;
    /** Somebody else sends with its keys and numbers: nothing may leave any more. */
    private volatile boolean abandoned;

    /**
     * A worker that is to be run on a thread of its own.
     *
     * @param index its number, 0 and up: of the device's queue, too
     * @param wakeUp signalled when there is something for it to do; closed with it, like {@code socket}
     * @param realTime whether it may run ahead of ordinary threads while there is little to do
     * @param random used here only
     */
    Worker(int index, Shared shared, EventFd wakeUp, RawGreSocket socket, Optional<PacketSocket> packets,
            TunDevice device, boolean realTime, RandomGenerator random) {
        this.index = index;
        this.wakeUp = wakeUp;
        this.socket = socket;
        this.mayRunAhead = realTime;
        TunQueue queue = device.queues().get(index);
        LiveRules rules = shared.rules();
        TunnelDirectory directory = shared.directory();
        HostGate hostGate = new HostGate(rules::policy, rules::localAddresses, random.nextLong());
        tun = new TunOutput(device, queue);
        sender = new GreSender(socket, packets, index, random.nextInt(), counters);
        PacketSlab shaped = new PacketSlab();
        outbound = new Outbound(index, shared, hostGate, device, tun, sender, random.nextInt(), shaped, counters);
        ip = new IpFromClient(directory, rules, hostGate, tun, outbound, shaped, shared.controlLoop(), counters);
        inbound = new Inbound(index, directory, socket, ip, shared.controlLoop(), due, counters);
        poller.add(wakeUp.fd(), Poller.READABLE);
        poller.add(socket.fd(), Poller.READABLE);
        poller.add(queue.fd(), Poller.READABLE);
    }

    /** Its number, 0 and up: tunnels whose Call ID leaves this remainder are its own. */
    int index() {
        return index;
    }

    /** Where its tunnels keep packets that come early. */
    ReorderSlab slab() {
        return slab;
    }

    /** What another process has counted, before this worker runs. */
    void goOn(TrafficCounters.Snapshot traffic, Map<DropCause, Long> drops) {
        counters.traffic().goOn(traffic);
        drops.forEach(counters.drops()::goOn);
    }

    // For any thread.

    /** The traffic of all its tunnels, past ones included. */
    TrafficCounters traffic() {
        return counters.traffic();
    }

    /** Packets dropped for this cause so far, by this worker or by the kernel on its account. */
    long drops(DropCause cause) {
        long dropped = counters.drops().get(cause);
        return dropped + switch (cause) {
            case RECEIVE_QUEUE_FULL -> Math.max(0, socket.kernelDrops());
            case SEND_FAILED -> sender.failures();
            case TUN_WRITE_FAILED -> tun.failures();
            default -> 0;
        };
    }

    /** GRE packets that left this way so far. */
    long sent(SendingPath path) {
        return switch (path) {
            case XDP_SOCKET -> sender.sentByXdp();
            case PACKET_SOCKET -> sender.sentByPacketSocket();
            case RAW_SOCKET -> sender.sent() - sender.sentByPacketSocket() - sender.sentByXdp();
        };
    }

    /** Runs a command on the worker's thread, soon. */
    void execute(Runnable command) {
        commands.add(command);
        wakeUp.signal();
    }

    /** Ends {@link #run} with the command that runs now, without sending anything. */
    void abandon() {
        abandoned = true;
        stopping = true;
    }

    /** Ends {@link #run} soon. */
    void stop() {
        stopping = true;
        wakeUp.signal();
    }

    /** Closes what it has, once it has ended. */
    void close() {
        wakeUp.close();
        socket.close();
    }

    // For its own thread.

    /** Sends a PPP frame as it is. */
    void send(WorkerTunnel tunnel, byte[] frame) {
        sender.sendFrame(tunnel, frame, MonotonicClock.millis());
    }

    /** Sends a tunnel's client an IPv4 packet of the server itself. */
    void answer(WorkerTunnel tunnel, byte[] packet) {
        outbound.answer(tunnel, packet, MonotonicClock.millis());
    }

    /** Uses sockets that are about to be closed no more; no tunnel's path may name them. */
    void forgetSockets() {
        sender.forgetSockets();
    }

    /** Sets a tunnel's limits; what has waited for a rate that is no more passes first. */
    void limit(WorkerTunnel tunnel, TunnelLimits limits) {
        LimitedTraffic before = tunnel.limits;
        tunnel.limits = LimitedTraffic.of(tunnel, limits, before);
        if (before != null && !tunnel.isClosed()) {
            LimitedTraffic after = tunnel.limits;
            flush(ip.shaper(), before.fromClient, after == null ? null : after.fromClient);
            flush(outbound.shaper(), before.toClient, after == null ? null : after.toClient);
        }
    }

    @SuppressWarnings("ReferenceEquality") // which queue it is
    private static void flush(Shaper shaper, ShapedQueue before, ShapedQueue after) {
        if (before != null && before != after) {
            shaper.flush(before, System.nanoTime(), MonotonicClock.millis());
        }
    }

    /** Has what is ready to leave leave. */
    void flush() {
        tun.flush();
        sender.flush();
    }

    /** Takes care of a tunnel that was another worker's, of another process. */
    void takeOver(WorkerTunnel tunnel) {
        if (tunnel.owesAck()) {
            due.owesAck(tunnel);
        }
    }

    @Override
    public void run() {
        RealTimePriority priority = new RealTimePriority(System.nanoTime(), Scheduling.cpuNanos());
        runAhead(mayRunAhead);
        while (!stopping) {
            long now = MonotonicClock.millis();
            runCommands();
            if (abandoned) {
                return;
            }
            int taken = inbound.receive(now) + outbound.forward(now) + release(now);
            due.sweep(sender, inbound.receiver(), now);
            if (ip.hasEarly()) {
                ip.releaseEarly(now);
            }
            tun.flush();
            sender.flush();
            if (taken == 0 && commands.isEmpty()) {
                sleep();
            }
            if (mayRunAhead) {
                takeTurns(priority, System.nanoTime());
            }
        }
        runCommands();
        sender.flush();
    }

    private void takeTurns(RealTimePriority priority, long now) {
        if (priority.isDue(now)) {
            runAhead(priority.look(now, Scheduling.cpuNanos()));
        }
    }

    private void runAhead(boolean ahead) {
        if (ahead == runsAhead) {
            return;
        }
        runsAhead = ahead;
        int result = ahead ? Scheduling.aheadOfOthers() : Scheduling.asOthers();
        if (result < 0) {
            // Without the capability, or in a control group without real-time: it has never been ahead.
            mayRunAhead = false;
        }
    }

    private void runCommands() {
        for (Runnable command = commands.poll(); !abandoned && command != null; command = commands.poll()) {
            command.run();
        }
    }

    /** Passes on what has waited for its session's rate. */
    private int release(long now) {
        if (ip.shaper().isEmpty() && outbound.shaper().isEmpty()) {
            return 0;
        }
        long nanos = System.nanoTime();
        return ip.shaper().release(MOST_RELEASED, nanos, now) + outbound.shaper().release(MOST_RELEASED, nanos, now);
    }

    private void sleep() {
        boolean timed = !due.isEmpty() || ip.hasEarly();
        long longest = sender.isWaiting() ? LINK_NANOS : timed ? DueTunnels.INTERVAL * 1_000_000 : FOREVER;
        poller.await(atMost(atMost(longest, ip.shaper()), outbound.shaper()));
        wakeUp.drain();
    }

    private static long atMost(long nanos, Shaper shaper) {
        if (shaper.isEmpty()) {
            return nanos;
        }
        long until = Math.max(SHORTEST_SLEEP, shaper.nextDeparture() - System.nanoTime());
        return nanos == FOREVER ? until : Math.min(nanos, until);
    }
}
