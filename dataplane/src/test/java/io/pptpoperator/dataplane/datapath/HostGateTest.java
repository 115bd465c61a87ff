package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.address.LocalAddresses;
import io.pptpoperator.protocol.ip.Packets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostGateTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final String SERVER = "192.168.10.1";
    private static final String NODE = "10.0.0.5";
    private static final String CLIENT = "192.168.10.100";
    private static final String NODE_LOCAL_DNS = "169.254.20.10";
    private static final byte[] NO_OPTIONS = {};

    private List<HostOpening> openings = List.of();
    private List<Ipv4Address> nameServers = List.of();
    private final HostGate gate = new HostGate(
            () -> new DatapathPolicy(address(SERVER), false, List.of(Ipv4Prefix.parse("8.8.8.0/24")), nameServers,
                    HostAccess.of(openings), true),
            () -> new LocalAddresses(Set.of(address(NODE), address(NODE_LOCAL_DNS)),
                    List.of(Ipv4Prefix.parse("10.77.0.0/16")), Set.of(address("10.0.0.255"))),
            42);

    private static Ipv4Address address(String text) {
        return Ipv4Address.parse(text);
    }

    private static HostOpening opening(String address, int protocol, int first, int last) {
        return new HostOpening(Optional.ofNullable(address).map(Ipv4Address::parse), protocol, first, last);
    }

    private static byte[] segment(String from, int fromPort, String to, int toPort, int flags) {
        return Packets.ip(address(from).bits(), address(to).bits(), TCP, 7, 0, NO_OPTIONS,
                Packets.tcp(address(from).bits(), address(to).bits(), fromPort << 16 | toPort, 1, 2, flags, NO_OPTIONS,
                        new byte[4]));
    }

    private static byte[] syn(String to, int port) {
        return segment(CLIENT, 40_000, to, port, Packets.SYN);
    }

    private static byte[] datagram(String from, int fromPort, String to, int toPort, int id, int fragment) {
        return Packets.ip(address(from).bits(), address(to).bits(), UDP, id, fragment, NO_OPTIONS,
                Packets.udp(address(from).bits(), address(to).bits(), fromPort << 16 | toPort, new byte[32]));
    }

    private boolean admits(byte[] packet, long now) {
        return gate.admits(ByteBuffer.wrap(packet), 0, now);
    }

    private boolean admits(byte[] packet) {
        return admits(packet, 0);
    }

    private void sent(byte[] packet, long now) {
        gate.sent(ByteBuffer.wrap(packet), 0, now);
    }

    @Test
    void theServersOwnAddressAnswersPingsAndNothingElse() {
        assertThat(admits(Ping.request(address(CLIENT), address(SERVER), 1, 56))).isTrue();
        for (int port : new int[]{22, 53, 1723, 9723, 10_250, 30_080}) {
            assertThat(admits(syn(SERVER, port))).as("TCP %d", port).isFalse();
            assertThat(admits(segment(CLIENT, 443, SERVER, port, Packets.ACK))).as("ACK %d", port).isFalse();
            assertThat(admits(datagram(CLIENT, 53, SERVER, port, 1, 0))).as("UDP %d", port).isFalse();
        }
        byte[] gre = syn(SERVER, 1);
        gre[9] = 47;
        assertThat(admits(gre)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {NODE, NODE_LOCAL_DNS, "10.77.3.4", "10.0.0.255", "224.0.0.251", "255.255.255.255"})
    void theHostsOtherAddressesAndWhatGoesToManyAreClosed(String to) {
        assertThat(admits(Ping.request(address(CLIENT), address(to), 1, 56))).isFalse();
        assertThat(admits(syn(to, 22))).isFalse();
        assertThat(admits(datagram(CLIENT, 68, to, 67, 1, 0))).isFalse();
    }

    @Test
    void theHostsAddressesAreKnown() {
        for (String own : List.of(SERVER, NODE, "10.77.255.255", "10.0.0.255")) {
            assertThat(gate.isHost(address(own).bits())).as(own).isTrue();
        }
        for (String other : List.of("10.0.0.6", "10.78.0.0", "8.8.8.8")) {
            assertThat(gate.isHost(address(other).bits())).as(other).isFalse();
        }
        assertThat(gate.isForMany(address("10.0.0.255").bits())).isTrue();
        assertThat(gate.isForMany(address(NODE).bits())).isFalse();
    }

    @Test
    void anAnnouncedNameServerAnswersOnItsPortAlone() {
        nameServers = List.of(address(NODE_LOCAL_DNS), address(SERVER));
        for (String server : List.of(NODE_LOCAL_DNS, SERVER)) {
            assertThat(admits(datagram(CLIENT, 40_000, server, 53, 1, 0))).isTrue();
            assertThat(admits(syn(server, 53))).isTrue();
            assertThat(admits(datagram(CLIENT, 53, server, 5353, 1, 0))).isFalse();
            assertThat(admits(syn(server, 80))).isFalse();
        }
        assertThat(admits(Ping.request(address(CLIENT), address(NODE_LOCAL_DNS), 1, 56))).isFalse();
        assertThat(admits(datagram(CLIENT, 40_000, NODE, 53, 1, 0))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.5, 443, true", "10.0.0.5, 442, false", "10.0.0.5, 8000, true", "10.0.0.5, 8100, true",
            "10.0.0.5, 8101, false", "192.168.10.1, 443, false", "192.168.10.1, 8050, true", "10.0.0.255, 8050, false",
            "224.0.0.251, 8050, false"})
    void whatASettingOpensIsOpen(String to, int port, boolean open) {
        openings = List.of(opening(NODE, TCP, 443, 443), opening(null, TCP, 8000, 8100));
        assertThat(admits(syn(to, port))).isEqualTo(open);
        assertThat(admits(datagram(CLIENT, 40_000, to, port, 1, 0))).as("by UDP").isFalse();
    }

    @Test
    void broadcastsMulticastsAndPingsAreOpenedByAddress() {
        openings = List.of(opening("224.0.0.251", UDP, 5353, 5353), opening("10.0.0.255", UDP, 137, 138),
                opening(NODE, 1, 0, 0));
        assertThat(admits(datagram(CLIENT, 5353, "224.0.0.251", 5353, 1, 0))).isTrue();
        assertThat(admits(datagram(CLIENT, 137, "10.0.0.255", 137, 1, 0))).isTrue();
        assertThat(admits(datagram(CLIENT, 137, "10.0.0.255", 139, 1, 0))).isFalse();
        assertThat(admits(Ping.request(address(CLIENT), address(NODE), 1, 56))).isTrue();
    }

    @Test
    void answersToWhatTheHostBeganAreLetThrough() {
        byte[] answer = segment(CLIENT, 80, SERVER, 40_000, Packets.SYN | Packets.ACK);
        assertThat(admits(answer)).isFalse();
        sent(segment(SERVER, 40_000, CLIENT, 80, Packets.SYN), 0);
        assertThat(admits(answer)).isTrue();
        assertThat(admits(segment(CLIENT, 81, SERVER, 40_000, Packets.ACK))).as("another port").isFalse();
        assertThat(admits(segment(CLIENT, 80, SERVER, 40_001, Packets.ACK))).as("another port").isFalse();
        assertThat(admits(segment("192.168.10.101", 80, SERVER, 40_000, Packets.ACK))).as("another client").isFalse();
        assertThat(admits(segment(CLIENT, 80, NODE, 40_000, Packets.ACK))).as("another address").isFalse();
        assertThat(admits(datagram(CLIENT, 80, SERVER, 40_000, 1, 0))).as("another protocol").isFalse();
        assertThat(admits(answer, 2 * 3_600_000L)).as("after two silent hours").isTrue();
        assertThat(admits(answer, 4 * 3_600_000L)).as("after four").isFalse();
    }

    @Test
    void answersToPingsAndDatagramsOfTheHostAreLetThroughForAWhile() {
        byte[] ping = Ping.request(address(SERVER), address(CLIENT), 3, 56);
        assertThat(admits(Ping.replyTo(ping))).isFalse();
        sent(ping, 0);
        assertThat(admits(Ping.replyTo(ping))).isTrue();
        sent(datagram(SERVER, 50_000, CLIENT, 161, 1, 0), 0);
        byte[] answer = datagram(CLIENT, 161, SERVER, 50_000, 1, 0);
        assertThat(admits(answer, 100_000)).isTrue();
        assertThat(admits(answer, 200_000)).isFalse();
    }

    @Test
    void clientsCannotUseUpWhatIsRemembered() {
        openings = List.of(opening(NODE, TCP, 443, 443));
        sent(segment(SERVER, 40_000, CLIENT, 80, Packets.SYN), 0);
        for (int port = 1; port < 60_000; port++) {
            sent(segment(NODE, 443, CLIENT, port, Packets.SYN | Packets.ACK), port);
            sent(Ping.replyTo(Ping.request(address(CLIENT), address(SERVER), port, 0)), port);
        }
        assertThat(admits(segment(CLIENT, 80, SERVER, 40_000, Packets.ACK), 60_000)).isTrue();
    }

    @Test
    void laterFragmentsFollowTheirFirst() {
        nameServers = List.of(address(SERVER));
        byte[] first = datagram(CLIENT, 40_000, SERVER, 53, 9, Packets.MF);
        byte[] second = datagram(CLIENT, 40_000, SERVER, 53, 9, 3);
        assertThat(admits(second)).as("before its first").isFalse();
        assertThat(admits(first)).isTrue();
        assertThat(admits(second)).isTrue();
        assertThat(admits(datagram(CLIENT, 40_000, SERVER, 53, 10, 3))).as("another packet's").isFalse();
        assertThat(admits(datagram(CLIENT, 40_000, NODE, 53, 9, 3))).as("to another address").isFalse();
        assertThat(admits(second, 60_000)).as("long after").isFalse();
        byte[] closed = datagram(CLIENT, 40_000, SERVER, 54, 11, Packets.MF);
        assertThat(admits(closed)).isFalse();
        assertThat(admits(datagram(CLIENT, 40_000, SERVER, 53, 11, 1))).as("which rewrites its ports").isFalse();
        byte[] tiny = Packets.ip(address(CLIENT).bits(), address(SERVER).bits(), UDP, 12, Packets.MF, NO_OPTIONS,
                new byte[]{0, 53});
        assertThat(admits(tiny)).as("without ports").isFalse();
    }

    @Test
    void portsAreFoundBehindIpOptions() {
        nameServers = List.of(address(SERVER));
        byte[] options = {1, 1, 1, 1, 0, 0, 0, 53};
        byte[] udp = Packets.udp(address(CLIENT).bits(), address(SERVER).bits(), 40_000 << 16 | 22, new byte[8]);
        assertThat(admits(Packets.ip(address(CLIENT).bits(), address(SERVER).bits(), UDP, 1, 0, options, udp)))
                .isFalse();
    }

    @Test
    void errorsAboutTheHostsOwnPacketsAreLetThrough() {
        byte[] own = datagram(SERVER, 53, CLIENT, 40_000, 1, 0);
        byte[] foreign = datagram(NODE, 53, CLIENT, 40_000, 1, 0);
        for (int type : new int[]{3, 11, 12}) {
            assertThat(admits(error(type, own))).isTrue();
            assertThat(admits(error(type, foreign))).as("about another address").isFalse();
        }
        assertThat(admits(error(5, own))).as("a redirect").isFalse();
        assertThat(admits(error(13, own))).as("a timestamp request").isFalse();
    }

    private static byte[] error(int type, byte[] about) {
        byte[] message = new byte[8 + 28];
        message[0] = (byte) type;
        System.arraycopy(about, 0, message, 8, 28);
        return Packets.ip(address(CLIENT).bits(), address(SERVER).bits(), 1, 1, 0, NO_OPTIONS, message);
    }

    @Test
    void everythingPassesAtAClient() {
        HostGate client = new HostGate(() -> DatapathPolicy.ofClient(address(SERVER)), () -> LocalAddresses.NONE, 1);
        assertThat(client.admits(ByteBuffer.wrap(syn(SERVER, 22)), 0, 0)).isTrue();
    }
}
