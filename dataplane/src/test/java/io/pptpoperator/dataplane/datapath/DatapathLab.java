package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A real datapath on real devices: a server's host and a clients' host joined by a cable, and behind the server a host
 * that is a TUN device in the hands of the test, so that every byte on both sides is seen and chosen.
 */
final class DatapathLab implements AutoCloseable {
    static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    /** The first client's host; others have the addresses after it. */
    static final Ipv4Address CLIENT_HOST = Ipv4Address.parse("198.51.100.7");
    /** The server's end of every link. */
    static final Ipv4Address GATEWAY = Ipv4Address.parse("192.168.10.1");
    /** The first client's address inside; others have the addresses after it. */
    static final Ipv4Address CLIENT = Ipv4Address.parse("192.168.10.100");
    /** The host behind the server. */
    static final Ipv4Address HOST = Ipv4Address.parse("10.8.0.80");
    /** What a client's link carries at most, MPPE taken off. */
    static final int MTU = 1396;
    static final int MSS = 1356;
    static final DatapathPolicy OPEN = new DatapathPolicy(GATEWAY, true, List.of(), List.of(), HostAccess.ALL, true);
    /** Milliseconds that a gap in the sequence numbers is waited for. */
    private static final int SHORT_WAIT = 50;
    private static final int ENDLESS_WAIT = 600_000;

    private final NetworkNamespace serverHost;
    private final NetworkNamespace clientHost;
    private final TunDevice tun;
    private final TunDevice behind;
    private final ExecutorService controlLoop = Executors.newSingleThreadExecutor();
    private final List<GreRelay> relays = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    final Datapath datapath;
    final GreEnd clients;
    final TunEnd host;

    DatapathLab(int workers, TunDevice.Offload offload, DatapathPolicy policy) {
        this(workers, offload, policy, PacketSocketUse.AUTO);
    }

    DatapathLab(int workers, TunDevice.Offload offload, DatapathPolicy policy, PacketSocketUse packetSockets) {
        this(workers, offload, policy, packetSockets, XdpSocketUse.OFF);
    }

    DatapathLab(int workers, TunDevice.Offload offload, DatapathPolicy policy, PacketSocketUse packetSockets,
            XdpSocketUse xdpSockets) {
        Requirement.root();
        Requirement.programs("ip");
        serverHost = new NetworkNamespace();
        clientHost = new NetworkNamespace();
        withoutIpv6(serverHost);
        withoutIpv6(clientHost);
        serverHost.command("ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                clientHost.id());
        up(serverHost, "cable", SERVER + "/24");
        up(clientHost, "cable", CLIENT_HOST + "/24");
        for (int i = 1; i < 4; i++) {
            clientHost.command("ip", "addr", "add", CLIENT_HOST.plus(i) + "/24", "dev", "cable");
        }
        tun = serverHost.call(() -> TunDevice.open("pptpd0", workers, offload));
        assertThat(tun.queues()).hasSize(workers);
        up(serverHost, "pptpd0", GATEWAY + "/32");
        // As the server has it, so that the kernel loses nothing while the worker does not get the processor.
        serverHost.command("ip", "link", "set", "pptpd0", "txqueuelen", "5000");
        serverHost.command("ip", "route", "add", "192.168.10.0/24", "dev", "pptpd0");
        behind = serverHost.call(() -> TunDevice.open("behind0", 1, TunDevice.Offload.NONE));
        up(serverHost, "behind0", "10.8.0.1/24");
        serverHost.command("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        host = new TunEnd(behind.queues().getFirst());
        clients = clientHost.call(GreEnd::open);
        datapath = serverHost.call(() -> {
            Datapath made = new Datapath(tun, policy, new DatapathOptions(packetSockets, xdpSockets, true, true),
                    controlLoop, new Random(workers), (thread, cause) -> failure.set(cause));
            made.start();
            return made;
        });
    }

    /** No router solicitations among the packets that tests wait for. */
    private static void withoutIpv6(NetworkNamespace namespace) {
        namespace.command("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    }

    private static void up(NetworkNamespace namespace, String device, String address) {
        namespace.command("ip", "addr", "add", address, "dev", device);
        namespace.command("ip", "link", "set", device, "addrgenmode", "none", "up");
    }

    /** Opens the tunnel of a client at the first clients' address. */
    GreClient connect(boolean encryptionRequired) {
        return connect(CLIENT_HOST, encryptionRequired);
    }

    /** Opens a client's tunnel, with small numbers for what reorders, and no network in it yet. */
    GreClient connect(Ipv4Address from, boolean encryptionRequired) {
        return connect(from, encryptionRequired, clients);
    }

    /** The same, for a client with a socket of its own. */
    GreClient connect(Ipv4Address from, boolean encryptionRequired, GreEnd end) {
        return connect(from, encryptionRequired, end, SHORT_WAIT);
    }

    /** Opens the tunnel of the client with this number, where gaps are waited for as long as a test may take. */
    GreClient connectWaitingForGaps(int number) {
        return connect(CLIENT_HOST.plus(number), true, clients, ENDLESS_WAIT);
    }

    private GreClient connect(Ipv4Address from, boolean encryptionRequired, GreEnd end, int reorderMillis) {
        Frames frames = new Frames();
        TunnelSpec spec = new TunnelSpec(from, SERVER, GreClient.CALL_ID + (from.bits() & 0xff), encryptionRequired, 16,
                reorderMillis);
        TunnelHandle tunnel = (TunnelHandle) datapath.open(spec, frames).orElseThrow();
        return new GreClient(end, from, spec.peerCallId(), tunnel, frames);
    }

    /** Opens the tunnel of the client with this number, encrypted and with its network up. */
    GreClient connectWithNetwork(int number) {
        GreClient client = connect(CLIENT_HOST.plus(number), true);
        client.encrypt();
        client.openNetwork(CLIENT.plus(number));
        return client;
    }

    /** The client with this number, as a device on the clients' host that the host's own TCP uses. */
    GreClient relay(int number) {
        GreClient client = connectWithNetwork(number);
        relays.add(client.relay(clientHost, "vpn" + number, CLIENT.plus(number)));
        return client;
    }

    NetworkNamespace serverHost() {
        return serverHost;
    }

    NetworkNamespace clientHost() {
        return clientHost;
    }

    ExecutorService controlLoop() {
        return controlLoop;
    }

    /** Waits until so many packets were dropped for this cause. */
    void awaitDrops(DropCause cause, long count) {
        Await.until(count + " packets are dropped as " + cause.label(), Await.PATIENCE,
                () -> datapath.drops(cause) >= count);
        assertThat(datapath.drops(cause)).isEqualTo(count);
    }

    @Override
    public void close() {
        try {
            assertThat(failure.get()).as("what killed a worker").isNull();
            assertThat(datapath.isRunning()).isTrue();
        } finally {
            relays.forEach(GreRelay::close);
            datapath.close();
            clients.close();
            tun.close();
            behind.close();
            controlLoop.shutdown();
            serverHost.close();
            clientHost.close();
        }
        assertThat(datapath.isRunning()).isFalse();
        try {
            assertThat(controlLoop.awaitTermination(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
