package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.Packets;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Anybody can send ICMP "fragmentation needed" in the name of a router that is not on the way at all. Paths that are
 * really narrow fragment what has DF off, so that no such message is ever needed, and none is believed.
 */
class ForgedIcmpIT {
    private static final Ipv4Address ROUTER = Ipv4Address.parse("198.51.100.254");
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int CLAIMED_MTU = 552;
    private static final int PORTS = 0xc001_01bb;

    @ParameterizedTest
    @EnumSource(names = {"OFF", "AUTO"})
    void greStaysWholeWhateverMtuAStrangerClaims(PacketSocketUse use) {
        try (DatapathLab lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN, use)) {
            GreClient client = lab.connectWithNetwork(0);
            NetworkNamespace clients = lab.clientHost();
            try (TunDevice forger = clients.call(() -> TunDevice.open("forger0", 1, TunDevice.Offload.NONE))) {
                clients.command("sh", "-c", "ip link set forger0 up; echo 1 > /proc/sys/net/ipv4/ip_forward;"
                        + " for f in all default forger0 cable; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; done");
                pass(lab, client);
                TunEnd wire = new TunEnd(forger.queues().getFirst());
                // About a GRE packet, and about an echo reply, which the kernel believes without having sent one.
                wire.send(fragmentationNeeded(47,
                        ByteBuffer.allocate(8)
                                .putInt(0x3081_880b)
                                .putShort((short) 1_300)
                                .putShort((short) GreClient.CALL_ID)
                                .array()));
                wire.send(fragmentationNeeded(ICMP, new byte[8]));
                Await.until("the kernel believes it", Await.PATIENCE,
                        () -> lab.serverHost()
                                .command("ip", "route", "get", DatapathLab.CLIENT_HOST.toString())
                                .contains("mtu " + CLAIMED_MTU));
                for (int i = 0; i < 20; i++) {
                    pass(lab, client);
                }
                assertThat(counter(lab.serverHost(), "FragCreates")).isZero();
                assertThat(counter(clients, "ReasmReqds")).isZero();
            }
        }
    }

    private static void pass(DatapathLab lab, GreClient client) {
        byte[] datagram = Packets.udp(DatapathLab.HOST.bits(), DatapathLab.CLIENT.bits(), PORTS,
                Packets.random(new Random(1), 1_300));
        lab.host.send(Packets.ip(DatapathLab.HOST.bits(), DatapathLab.CLIENT.bits(), UDP, 1, 0, new byte[0], datagram));
        assertThat(client.nextIp()).endsWith(datagram);
    }

    private static byte[] fragmentationNeeded(int protocol, byte[] begun) {
        byte[] about = Packets.ip(DatapathLab.SERVER.bits(), DatapathLab.CLIENT_HOST.bits(), protocol, 7, 0,
                new byte[0], begun);
        ByteBuffer.wrap(about).putShort(2, (short) 1_400);
        ByteBuffer icmp = ByteBuffer.allocate(8 + about.length)
                .put((byte) 3)
                .put((byte) 4)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) CLAIMED_MTU)
                .put(about);
        icmp.putShort(2, (short) checksum(icmp));
        return Packets.ip(ROUTER.bits(), DatapathLab.SERVER.bits(), ICMP, 8, 0, new byte[0], icmp.array());
    }

    private static int checksum(ByteBuffer data) {
        int sum = 0;
        for (int i = 0; i < data.capacity(); i += 2) {
            sum += data.getShort(i) & 0xffff;
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return ~((sum >>> 16) + sum) & 0xffff;
    }

    /** A counter of the namespace's IP layer. */
    private static long counter(NetworkNamespace namespace, String name) {
        String[] lines = namespace.command("grep", "^Ip:", "/proc/net/snmp").split("\n", -1);
        String[] names = lines[0].split(" ", -1);
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return Long.parseLong(lines[1].split(" ", -1)[i]);
            }
        }
        throw new AssertionError("/proc/net/snmp has no " + name);
    }
}
