package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.address.LocalAddresses;
import io.pptpoperator.protocol.ip.Packets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * IP between clients and a host behind the server, through a real datapath: what passes, what is changed, what is
 * refused.
 */
@ParameterizedClass
@CsvSource({"NONE, OFF, OFF", "TCP, AUTO, OFF", "TCP_AND_UDP, AUTO, OFF", "TCP_AND_UDP, AUTO, ALWAYS"})
class ClientTrafficIT {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int PORTS = 0xc001_01bb;
    /** Where a TCP segment's options begin in a packet without IP options. */
    private static final int TCP_OPTIONS = 40;
    private static final byte[] NO_OPTIONS = {};

    @Parameter(0)
    private TunDevice.Offload offload;
    @Parameter(1)
    private PacketSocketUse packetSockets;
    @Parameter(2)
    private XdpSocketUse xdpSockets;
    private DatapathLab lab;

    private DatapathLab open(DatapathPolicy policy) {
        lab = new DatapathLab(1, offload, policy, packetSockets, xdpSockets);
        return lab;
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    private static byte[] udp(Ipv4Address from, Ipv4Address to, int fragment, int payload) {
        byte[] datagram = Packets.udp(from.bits(), to.bits(), PORTS, Packets.random(new Random(payload), payload));
        return Packets.ip(from.bits(), to.bits(), UDP, 0x77, fragment, NO_OPTIONS, datagram);
    }

    private static byte[] tcp(Ipv4Address from, Ipv4Address to, int flags, byte[] options, int payload) {
        byte[] segment = Packets.tcp(from.bits(), to.bits(), PORTS, 1_000, 2_000, flags, options,
                Packets.random(new Random(payload), payload));
        return Packets.ip(from.bits(), to.bits(), TCP, 0x78, Packets.DF, NO_OPTIONS, segment);
    }

    /** All but what a router has to change: time to live and header checksum. */
    private static byte[] unrouted(byte[] packet) {
        byte[] same = packet.clone();
        same[8] = 0;
        same[10] = 0;
        same[11] = 0;
        return same;
    }

    private static int u16(byte[] packet, int at) {
        return ByteBuffer.wrap(packet).getShort(at) & 0xffff;
    }

    private static void assertIcmp(byte[] packet, Ipv4Address from, int code, byte[] about) {
        assertThat(packet[9]).as("ICMP").isEqualTo((byte) 1);
        assertThat(packet[20]).as("destination unreachable").isEqualTo((byte) 3);
        assertThat(packet[21]).isEqualTo((byte) code);
        assertThat(Ipv4Address.read(packet, 12)).isEqualTo(from);
        assertThat(Packets.wellFormed(packet)).isTrue();
        assertThat(Arrays.copyOfRange(packet, 28 + 12, 28 + 28)).as("the packet it is about")
                .isEqualTo(Arrays.copyOfRange(about, 12, 28));
    }

    @Test
    void packetsPassUnchangedBothWays() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        for (int size : new int[]{0, 1, 500, 1300}) {
            byte[] there = udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, size);
            client.sendIp(there);
            assertThat(unrouted(lab.host.next())).isEqualTo(unrouted(there));
            byte[] back = udp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.DF, size);
            lab.host.send(back);
            assertThat(unrouted(client.nextIp())).isEqualTo(unrouted(back));
        }
        assertThat(client.tunnel.traffic().packetsIn()).isEqualTo(4);
        assertThat(client.tunnel.traffic().packetsOut()).isEqualTo(4);
        assertThat(client.tunnel.traffic().bytesIn()).isEqualTo(4 * 28 + 1801);
        assertThat(lab.datapath.total(TrafficCounters::packetsOut)).isEqualTo(4);
    }

    @Test
    void theServerItselfAnswersPings() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        for (int i = 0; i < 20; i++) {
            byte[] request = Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, i, 60 * i);
            client.sendIp(request);
            assertThat(Ping.isReplyTo(request, client.nextIp())).isTrue();
        }
    }

    @Test
    void ipInClearPassesWhereEncryptionIsNotRequiredAndNotAgreed() {
        open(DatapathLab.OPEN);
        GreClient client = lab.connect(false);
        client.openNetwork(DatapathLab.CLIENT);
        byte[] request = Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, 1, 40);
        client.sendIp(request);
        assertThat(Ping.isReplyTo(request, client.nextIp())).isTrue();
        client.encrypt();
        client.sendFrame(GreClient.frameInClear(request));
        lab.awaitDrops(DropCause.NOT_ENCRYPTED, 1);
    }

    @Test
    void nothingPassesInClearEitherWayWhereEncryptionIsRequired() {
        open(DatapathLab.OPEN);
        GreClient client = lab.connect(true);
        client.openNetwork(DatapathLab.CLIENT);
        client.sendFrame(GreClient.frameInClear(Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, 1, 40)));
        lab.awaitDrops(DropCause.NOT_ENCRYPTED, 1);
        lab.host.send(udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 40));
        lab.awaitDrops(DropCause.NETWORK_NOT_OPEN, 1);
        client.encrypt();
        client.tunnel.stopEncryption();
        client.awaitWorker();
        lab.host.send(udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 40));
        lab.awaitDrops(DropCause.NETWORK_NOT_OPEN, 2);
    }

    @Test
    void withoutANetworkNothingPassesAndAfterItsEndNothingAnyMore() {
        open(DatapathLab.OPEN);
        GreClient client = lab.connect(true);
        client.encrypt();
        client.sendIp(udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 40));
        lab.awaitDrops(DropCause.NETWORK_NOT_OPEN, 1);
        client.openNetwork(DatapathLab.CLIENT);
        client.sendIp(udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 41));
        assertThat(lab.host.next()).hasSize(28 + 41);
        client.tunnel.closeNetwork();
        client.sendIp(udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 42));
        lab.awaitDrops(DropCause.NETWORK_NOT_OPEN, 2);
        lab.host.send(udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 40));
        lab.awaitDrops(DropCause.NO_SESSION, 1);
    }

    @Test
    void aNewSessionTakesItsUsersAddressOverFromTheOldOne() {
        GreClient old = open(DatapathLab.OPEN).connectWithNetwork(0);
        GreClient young = lab.connect(DatapathLab.CLIENT_HOST.plus(1), true);
        young.encrypt();
        young.openNetwork(DatapathLab.CLIENT);
        old.tunnel.close();
        byte[] packet = udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 40);
        lab.host.send(packet);
        assertThat(unrouted(young.nextIp())).isEqualTo(unrouted(packet));
    }

    @Test
    void anotherSourceThanTheClientsOwnIsDropped() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        lab.connectWithNetwork(1);
        client.sendIp(udp(Ipv4Address.parse("192.168.77.1"), DatapathLab.HOST, 0, 40));
        client.sendIp(udp(DatapathLab.GATEWAY, DatapathLab.HOST, 0, 40));
        client.sendIp(udp(DatapathLab.CLIENT.plus(1), DatapathLab.HOST, 0, 40));
        lab.awaitDrops(DropCause.SPOOFED_SOURCE, 3);
        client.sendIp(udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 41));
        assertThat(lab.host.next()).hasSize(28 + 41);
    }

    @Test
    void aNetworkBehindAClientIsReachedThroughItAndMaySend() {
        open(DatapathLab.OPEN);
        GreClient client = lab.connect(true);
        client.encrypt();
        client.openNetwork(DatapathLab.CLIENT, Ipv4Prefix.parse("192.168.10.224/28"));
        Ipv4Address inside = Ipv4Address.parse("192.168.10.230");
        byte[] there = udp(inside, DatapathLab.HOST, 0, 40);
        client.sendIp(there);
        assertThat(unrouted(lab.host.next())).isEqualTo(unrouted(there));
        byte[] back = udp(DatapathLab.HOST, inside, 0, 40);
        lab.host.send(back);
        assertThat(unrouted(client.nextIp())).isEqualTo(unrouted(back));
    }

    @Test
    void brokenIpIsDropped() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        byte[] packet = udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 40);
        byte[] version = packet.clone();
        version[0] = 0x65;
        client.sendIp(version);
        lab.awaitDrops(DropCause.MPPE_MALFORMED, 1);
        client.sendIp(packet);
        assertThat(lab.host.next()).hasSize(packet.length);
    }

    @Test
    void clientsReachOneAnotherOnlyWhereThatIsAllowed() {
        GreClient first = open(DatapathLab.OPEN).connectWithNetwork(0);
        GreClient second = lab.connectWithNetwork(1);
        byte[] packet = udp(DatapathLab.CLIENT, DatapathLab.CLIENT.plus(1), 0, 40);
        first.sendIp(packet);
        assertThat(unrouted(second.nextIp())).isEqualTo(unrouted(packet));

        lab.datapath
                .policy(new DatapathPolicy(DatapathLab.GATEWAY, false, List.of(), List.of(), HostAccess.NONE, true));
        first.sendIp(packet);
        byte[] error = first.nextIp();
        while (error[20] == 5) {
            error = first.nextIp(); // the kernel's redirect about the packet before
        }
        assertIcmp(error, DatapathLab.GATEWAY, 13, packet);
        lab.awaitDrops(DropCause.CLIENT_TO_CLIENT, 1);
    }

    @Test
    void onlyAllowedDestinationsAreReached() {
        DatapathPolicy policy = new DatapathPolicy(DatapathLab.GATEWAY, false,
                List.of(Ipv4Prefix.parse("10.8.0.64/26")), List.of(), HostAccess.NONE, true);
        GreClient client = open(policy).connectWithNetwork(0);
        byte[] allowed = udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 40);
        client.sendIp(allowed);
        assertThat(unrouted(lab.host.next())).isEqualTo(unrouted(allowed));
        byte[] forbidden = udp(DatapathLab.CLIENT, Ipv4Address.parse("10.8.0.5"), 0, 40);
        client.sendIp(forbidden);
        assertIcmp(client.nextIp(), DatapathLab.GATEWAY, 13, forbidden);
        lab.awaitDrops(DropCause.DESTINATION_NOT_ALLOWED, 1);

        // Windows sends these all the time; nobody answers them with an error (RFC 1122 section 3.2.2).
        client.sendIp(udp(DatapathLab.CLIENT, Ipv4Address.parse("239.255.255.250"), 0, 40));
        client.sendIp(udp(DatapathLab.CLIENT, Ipv4Address.parse("255.255.255.255"), 0, 40));
        lab.awaitDrops(DropCause.BROADCAST, 2);
        byte[] ping = Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, 1, 20);
        client.sendIp(ping);
        assertThat(Ping.isReplyTo(ping, client.nextIp())).as("the next that comes after the first error").isTrue();
    }

    /** What the server-wide policy lets everybody, one tunnel may be denied, and from the next packet on. */
    @Test
    void aTunnelsReachNarrowsTheServersPolicy() {
        GreClient first = open(DatapathLab.OPEN).connectWithNetwork(0);
        GreClient second = lab.connectWithNetwork(1);
        byte[] toHost = udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 40);
        byte[] toOther = udp(DatapathLab.CLIENT, DatapathLab.CLIENT.plus(1), 0, 40);

        first.tunnel.reach(Optional.of(new TunnelReach(true, List.of(Ipv4Prefix.parse("10.9.0.0/16")))));
        first.sendIp(toHost);
        assertIcmp(first.nextIp(), DatapathLab.GATEWAY, 13, toHost);
        lab.awaitDrops(DropCause.DESTINATION_NOT_ALLOWED, 1);
        first.sendIp(toOther);
        assertIcmp(first.nextIp(), DatapathLab.GATEWAY, 13, toOther);
        byte[] back = udp(DatapathLab.CLIENT.plus(1), DatapathLab.CLIENT, 0, 40);
        second.sendIp(back);
        assertIcmp(second.nextIp(), DatapathLab.GATEWAY, 13, back);
        lab.awaitDrops(DropCause.CLIENT_TO_CLIENT, 2);
        byte[] ping = Ping.request(DatapathLab.CLIENT, DatapathLab.GATEWAY, 1, 20);
        first.sendIp(ping);
        assertThat(Ping.isReplyTo(ping, first.nextIp())).as("the server's end answers as ever").isTrue();

        first.tunnel.reach(Optional.of(new TunnelReach(false, List.of(Ipv4Prefix.parse("10.8.0.64/26")))));
        first.sendIp(toHost);
        assertThat(unrouted(lab.host.next())).isEqualTo(unrouted(toHost));
        second.sendIp(back);
        assertThat(unrouted(first.nextIp())).isEqualTo(unrouted(back));

        lab.datapath.policy(new DatapathPolicy(DatapathLab.GATEWAY, true, List.of(Ipv4Prefix.parse("10.9.0.0/16")),
                List.of(), HostAccess.NONE, true));
        first.sendIp(toHost);
        byte[] error = first.nextIp();
        while (error[20] == 5) {
            error = first.nextIp(); // the kernel's redirect about a packet before
        }
        assertIcmp(error, DatapathLab.GATEWAY, 13, toHost);
    }

    private static byte[] inform(Ipv4Address from, Ipv4Address to, int type) {
        ByteBuffer message = ByteBuffer.allocate(244);
        message.putInt(0x0108_0600).putInt(0xCAFE_0001).putInt(0).putInt(from.bits());
        message.putInt(236, 0x6382_5363).put(240, new byte[]{53, 1, (byte) type, (byte) 255});
        byte[] datagram = Packets.udp(from.bits(), to.bits(), 68 << 16 | 67, message.array());
        return Packets.ip(from.bits(), to.bits(), UDP, 0x77, 0, NO_OPTIONS, datagram);
    }

    /** Where somebody answers, and once a second: nothing of it reaches the host, and the answer opens nothing. */
    @Test
    void aClientsDhcpInformIsHeardAndAnswered() {
        Ipv4Address everybody = Ipv4Address.parse("255.255.255.255");
        byte[] inform = inform(DatapathLab.CLIENT, everybody, 8);
        GreClient client = open(
                new DatapathPolicy(DatapathLab.GATEWAY, false, List.of(), List.of(), HostAccess.NONE, true))
                .connect(true);
        client.encrypt();
        client.openNetwork(DatapathLab.CLIENT, Ipv4Prefix.parse("10.50.0.0/16"));
        client.sendIp(inform);
        lab.awaitDrops(DropCause.BROADCAST, 1);

        client.tunnel.hearInforms(true);
        client.sendIp(inform(DatapathLab.CLIENT, everybody, 1));
        client.sendIp(inform(Ipv4Address.parse("10.50.0.1"), everybody, 8));
        lab.awaitDrops(DropCause.BROADCAST, 3);
        client.sendIp(inform);
        assertThat(client.frames.nextInform()).isEqualTo(inform);
        client.sendIp(inform(DatapathLab.CLIENT, DatapathLab.GATEWAY, 8));
        lab.awaitDrops(DropCause.CONTROL_OVER_BUDGET, 1);
        assertThat(client.frames.waitingInforms()).isZero();

        byte[] answer = Packets.ip(DatapathLab.GATEWAY.bits(), DatapathLab.CLIENT.bits(), UDP, 0, 0, NO_OPTIONS,
                Packets.udp(DatapathLab.GATEWAY.bits(), DatapathLab.CLIENT.bits(), 67 << 16 | 68, new byte[300]));
        client.tunnel.answer(answer);
        assertThat(client.nextIp()).isEqualTo(answer);
        client.tunnel.hearInforms(false);
        byte[] other = inform(DatapathLab.CLIENT, DatapathLab.GATEWAY, 1);
        client.sendIp(other);
        assertIcmp(client.nextIp(), DatapathLab.GATEWAY, 13, other);
        lab.awaitDrops(DropCause.HOST_CLOSED, 1);
    }

    @Test
    void theHostsOwnAddressesAreClosedAndItsAnswersAreNot() {
        DatapathPolicy policy = new DatapathPolicy(DatapathLab.GATEWAY, false, List.of(), List.of(),
                HostAccess.of(List.of(new HostOpening(Optional.empty(), TCP, 0x1bb, 0x1bb))), true);
        GreClient client = open(policy).connectWithNetwork(0);
        Ipv4Address node = Ipv4Address.parse("10.8.0.1");
        lab.datapath.localAddresses(new LocalAddresses(Set.of(node, DatapathLab.SERVER), List.of(),
                Set.of(Ipv4Address.parse("10.8.0.255"))));
        for (Ipv4Address closed : List.of(node, DatapathLab.SERVER, DatapathLab.GATEWAY)) {
            byte[] packet = udp(DatapathLab.CLIENT, closed, 0, 40);
            client.sendIp(packet);
            assertIcmp(client.nextIp(), DatapathLab.GATEWAY, 13, packet);
        }
        lab.awaitDrops(DropCause.HOST_CLOSED, 3);
        client.sendIp(udp(DatapathLab.CLIENT, Ipv4Address.parse("10.8.0.255"), 0, 40));
        lab.awaitDrops(DropCause.BROADCAST, 1);
        for (String service : List.of("169.254.169.254", "168.63.129.16", "100.100.100.200")) {
            byte[] packet = tcp(DatapathLab.CLIENT, Ipv4Address.parse(service), Packets.SYN, NO_OPTIONS, 0);
            client.sendIp(packet);
            assertIcmp(client.nextIp(), DatapathLab.GATEWAY, 13, packet);
        }
        lab.awaitDrops(DropCause.DESTINATION_NOT_ALLOWED, 3);

        client.sendIp(tcp(DatapathLab.CLIENT, node, Packets.SYN, NO_OPTIONS, 0));
        byte[] reset = client.nextIp();
        assertThat(reset[9]).as("the kernel's own answer at an open port").isEqualTo((byte) TCP);
        assertThat(reset[33] & Packets.RST).isNotZero();

        lab.serverHost().command("sh", "-c", "ping -c 1 -W 0.1 " + DatapathLab.CLIENT + " || true");
        byte[] request = client.nextIp();
        client.sendIp(Ping.replyTo(request));
        client.sendIp(udp(DatapathLab.CLIENT, DatapathLab.HOST, 0, 41));
        assertThat(lab.host.next()).hasSize(28 + 41);
        assertThat(lab.datapath.drops(DropCause.HOST_CLOSED)).as("the answer to the host's ping").isEqualTo(3);
    }

    @Test
    void aPrescribedWayIsRefused() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        byte[] sourceRoute = GreClient.hex("8307040a080050 00");
        client.sendIp(Packets.ip(DatapathLab.CLIENT.bits(), DatapathLab.HOST.bits(), UDP, 1, 0, sourceRoute,
                Packets.udp(DatapathLab.CLIENT.bits(), DatapathLab.HOST.bits(), PORTS, new byte[8])));
        lab.awaitDrops(DropCause.SOURCE_ROUTED, 1);
    }

    @Test
    void greThatIsRoutedIntoItsOwnTunnelEndsThere() {
        open(DatapathLab.OPEN);
        GreClient client = lab.connect(true);
        client.encrypt();
        client.openNetwork(DatapathLab.CLIENT, new Ipv4Prefix(DatapathLab.CLIENT_HOST, 32));
        lab.serverHost().command("ip", "route", "add", DatapathLab.CLIENT_HOST + "/32", "dev", "pptpd0");
        // As if the session answered three LCP echoes.
        for (int i = 0; i < 3; i++) {
            client.tunnel.send(GreClient.hex("ff03c0210a010008 00000000"));
            client.awaitWorker();
        }
        lab.awaitDrops(DropCause.TUNNEL_LOOP, 3);
        lab.serverHost().command("ip", "route", "del", DatapathLab.CLIENT_HOST + "/32", "dev", "pptpd0");
        client.tunnel.closeNetwork();
        client.openNetwork(DatapathLab.CLIENT);
        byte[] packet = udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 40);
        lab.host.send(packet);
        assertThat(unrouted(client.nextIp())).isEqualTo(unrouted(packet));
        assertThat(lab.datapath.drops(DropCause.TUNNEL_LOOP)).isEqualTo(3);
    }

    @Test
    void anOversizedPacketIsFragmentedInSpiteOfItsDfBitWhereThatIsConfigured() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        byte[] packet = udp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.DF, 1472);
        lab.host.send(packet);
        assertThat(reassembled(client)).isEqualTo(Packets.payload(packet));
    }

    @Test
    void anOversizedPacketThatMayBeFragmentedAlwaysIs() {
        GreClient client = open(
                new DatapathPolicy(DatapathLab.GATEWAY, false, List.of(), List.of(), HostAccess.NONE, false))
                .connectWithNetwork(0);
        byte[] packet = udp(DatapathLab.HOST, DatapathLab.CLIENT, 0, 1472);
        lab.host.send(packet);
        assertThat(reassembled(client)).isEqualTo(Packets.payload(packet));
    }

    /** The payload of the fragments that come next. */
    private static byte[] reassembled(GreClient client) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        boolean more = true;
        while (more) {
            byte[] fragment = client.nextIp();
            assertThat(fragment.length).isLessThanOrEqualTo(DatapathLab.MTU);
            assertThat(Packets.wellFormed(fragment)).isTrue();
            int bits = u16(fragment, 6);
            assertThat(bits & Packets.DF).isZero();
            assertThat((bits & 0x1fff) * 8).isEqualTo(payload.size());
            payload.writeBytes(Packets.payload(fragment));
            more = (bits & Packets.MF) != 0;
        }
        return payload.toByteArray();
    }

    @Test
    void theSenderOfAnOversizedPacketIsToldTheMtuWhereItIsNotFragmented() {
        open(new DatapathPolicy(DatapathLab.GATEWAY, false, List.of(), List.of(), HostAccess.NONE, false))
                .connectWithNetwork(0);
        byte[] packet = udp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.DF, 1472);
        lab.host.send(packet);
        byte[] error = lab.host.next();
        assertIcmp(error, DatapathLab.CLIENT, 4, packet);
        assertThat(u16(error, 26)).as("next-hop MTU").isEqualTo(DatapathLab.MTU);
        lab.awaitDrops(DropCause.TOO_BIG, 1);
    }

    @Test
    void anOversizedTcpSegmentBecomesTwoSegmentsInsteadOfFragments() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        byte[] packet = tcp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.ACK | Packets.PSH, NO_OPTIONS, 1460);
        lab.host.send(packet);
        byte[] first = client.nextIp();
        byte[] second = client.nextIp();
        assertThat(first).hasSize(DatapathLab.MTU);
        assertThat(Packets.wellFormed(first)).isTrue();
        assertThat(Packets.wellFormed(second)).isTrue();
        assertThat(Packets.concat(Arrays.copyOfRange(first, 40, first.length),
                Arrays.copyOfRange(second, 40, second.length)))
                .isEqualTo(Arrays.copyOfRange(packet, 40, packet.length));
    }

    @Test
    void theMssIsClampedInBothDirections() {
        GreClient client = open(DatapathLab.OPEN).connectWithNetwork(0);
        byte[] ethernet = GreClient.hex("020405b4 01010402");
        client.sendIp(tcp(DatapathLab.CLIENT, DatapathLab.HOST, Packets.SYN, ethernet, 0));
        byte[] syn = lab.host.next();
        assertThat(u16(syn, TCP_OPTIONS + 2)).isEqualTo(DatapathLab.MSS);
        assertThat(Packets.wellFormed(syn)).isTrue();
        lab.host.send(tcp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.SYN | Packets.ACK, ethernet, 0));
        byte[] synAck = client.nextIp();
        assertThat(u16(synAck, TCP_OPTIONS + 2)).isEqualTo(DatapathLab.MSS);
        assertThat(Packets.wellFormed(synAck)).isTrue();
        byte[] small = GreClient.hex("02040218");
        lab.host.send(tcp(DatapathLab.HOST, DatapathLab.CLIENT, Packets.SYN | Packets.ACK, small, 0));
        assertThat(u16(client.nextIp(), TCP_OPTIONS + 2)).as("a smaller one stays").isEqualTo(0x218);
    }

    @Test
    void packetsForAddressesWithoutASessionAreDropped() {
        open(DatapathLab.OPEN);
        lab.host.send(udp(DatapathLab.HOST, DatapathLab.CLIENT.plus(50), 0, 40));
        lab.awaitDrops(DropCause.NO_SESSION, 1);
    }
}
