package io.pptpoperator.protocol.ppp.ipcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpcpTest {

    private static final AddressPlan PLAN = new AddressPlan(address("192.168.10.1"), address("192.168.10.100"),
            List.of(address("8.8.8.8"), address("114.114.114.114")), List.of(address("192.168.10.9")));
    private static final String OUR_ADDRESS = "0306c0a80a01";
    private static final String PEER_ADDRESS = "0306c0a80a64";

    private final List<LayerAction> out = new ArrayList<>();
    private final long now = 9_000;

    @Test
    void serverTellsItsOwnAddress() {
        assertThat(start(server()).data()).isEqualTo(hex(OUR_ADDRESS));
    }

    @ParameterizedTest
    @CsvSource({"030600000000, 0306c0a80a64", "03060a000005, 0306c0a80a64",
            "030600000000810600000000820600000000830600000000, 0306c0a80a64810608080808" + "8206c0a80a0983067272"
                    + "7272",
            "0306c0a80a64810601010101, 810608080808", "'', 0306c0a80a64", "810600000000, 8106080808080306c0a80a64"})
    void serverNaksWithEverythingThatIsConfiguredInOneMessage(String asked, String suggested) {
        Automaton ipcp = automaton(server());
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 3, asked);
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_NAK, 3, suggested));
    }

    @ParameterizedTest
    @CsvSource({"0206002d0f01", "010a0000000000000000", "840600000000", "900400ff", "03040000", "8103aa"})
    void serverRejectsVjDeprecatedUnconfiguredAndBroken(String option) {
        Automaton ipcp = automaton(server());
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 3, PEER_ADDRESS + option);
        ControlPacket answer = sent().getFirst();
        assertThat(answer).isEqualTo(packet(ControlCode.CONFIGURE_REJECT, 3, option));
    }

    @Test
    void serverOpensWhenThePeerTakesExactlyItsAddress() {
        IpcpServerOptions options = new IpcpServerOptions(PLAN);
        Automaton ipcp = automaton(options);
        ControlPacket request = sent().getFirst();
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 3, PEER_ADDRESS + "810608080808");
        receive(ipcp, ControlCode.CONFIGURE_ACK, request.id(), OUR_ADDRESS);
        assertThat(ipcp.isOpened()).isTrue();
        assertThat(options.objection()).isEmpty();
        assertThat(options.agreed()).isEqualTo(PLAN);
    }

    @Test
    void serverObjectsToAPeerThatWillNotTakeItsAddress() {
        IpcpServerOptions options = new IpcpServerOptions(PLAN);
        Automaton ipcp = automaton(options);
        ControlPacket request = sent().getFirst();
        receive(ipcp, ControlCode.CONFIGURE_ACK, request.id(), OUR_ADDRESS);
        for (int i = 0; i < 10 && sent().stream().noneMatch(p -> p.code() == ControlCode.CONFIGURE_REJECT); i++) {
            receive(ipcp, ControlCode.CONFIGURE_REQUEST, i, "03060a000005");
        }
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 50, "");
        assertThat(ipcp.isOpened()).isTrue();
        assertThat(options.objection()).contains("the peer does not take the address assigned to it, 192.168.10.100");
    }

    @Test
    void serverStandsByItsAddressAndCanDoWithoutTellingIt() {
        Automaton ipcp = automaton(server());
        ControlPacket request = sent().getFirst();
        receive(ipcp, ControlCode.CONFIGURE_NAK, request.id(), "030601020304");
        assertThat(sent().getFirst().data()).isEqualTo(hex(OUR_ADDRESS));
        receive(ipcp, ControlCode.CONFIGURE_REJECT, sent().getFirst().id(), OUR_ADDRESS);
        assertThat(sent().getFirst().data()).isEmpty();
    }

    @Test
    void clientAsksForEverythingAndTakesWhatItIsGiven() {
        IpcpClientOptions options = new IpcpClientOptions(Ipv4Address.ANY, true);
        Automaton ipcp = automaton(options);
        ControlPacket request = sent().getFirst();
        assertThat(request.data()).isEqualTo(hex("030600000000810600000000820600000000830600000000840600000000"));
        receive(ipcp, ControlCode.CONFIGURE_REJECT, request.id(), "820600000000840600000000");
        receive(ipcp, ControlCode.CONFIGURE_NAK, sent().getFirst().id(), PEER_ADDRESS + "810608080808830672727272");
        ControlPacket last = sent().getFirst();
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 9, OUR_ADDRESS);
        receive(ipcp, ControlCode.CONFIGURE_ACK, last.id(), PEER_ADDRESS + "810608080808830672727272");
        assertThat(ipcp.isOpened()).isTrue();
        assertThat(options.objection()).isEmpty();
        assertThat(options.agreed()).isEqualTo(new AddressPlan(address("192.168.10.100"), address("192.168.10.1"),
                List.of(address("8.8.8.8"), address("114.114.114.114")), List.of()));
    }

    @Test
    void clientAsksOnlyForItsAddressIfItIsToldSo() {
        assertThat(start(new IpcpClientOptions(address("10.9.8.7"), false)).data()).isEqualTo(hex("03060a090807"));
    }

    @Test
    void clientWithoutAnAddressCannotGoOn() {
        IpcpClientOptions options = new IpcpClientOptions(Ipv4Address.ANY, false);
        Automaton ipcp = automaton(options);
        receive(ipcp, ControlCode.CONFIGURE_REJECT, sent().getFirst().id(), "030600000000");
        assertThat(options.failure()).contains("the peer gives this end no address");
        assertThat(ipcp.state()).isEqualTo(Automaton.State.CLOSING);
    }

    @Test
    void clientObjectsToAServerThatLetsItHaveNoAddress() {
        IpcpClientOptions options = new IpcpClientOptions(Ipv4Address.ANY, false);
        Automaton ipcp = automaton(options);
        receive(ipcp, ControlCode.CONFIGURE_ACK, sent().getFirst().id(), "030600000000");
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 1, "");
        assertThat(ipcp.isOpened()).isTrue();
        assertThat(options.objection()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"030600000000", "0206002d0f01", "810600000000", "0303aa"})
    void clientGivesNothing(String option) {
        Automaton ipcp = automaton(new IpcpClientOptions(Ipv4Address.ANY, true));
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 1, option);
        assertThat(sent()).containsExactly(packet(ControlCode.CONFIGURE_REJECT, 1, option));
    }

    @Test
    void planHasRoomForTwoNameServersOfAKind() {
        List<Ipv4Address> three = List.of(address("1.1.1.1"), address("2.2.2.2"), address("3.3.3.3"));
        assertThatThrownBy(() -> new AddressPlan(Ipv4Address.ANY, Ipv4Address.ANY, three, List.of()))
                .hasMessageContaining("not 3 and 0");
    }

    @Test
    void aServerThatLooksForAnAddressIsAskedUntilItHasOne() {
        IpcpClientOptions options = new IpcpClientOptions(Ipv4Address.ANY, false);
        Automaton ipcp = automaton(options);
        ControlPacket request = sent().getFirst();
        for (int i = 0; i < 20; i++) {
            receive(ipcp, ControlCode.CONFIGURE_NAK, request.id(), "030600000000");
            assertThat(sent()).isEmpty();
            ipcp.tick(ipcp.deadline(), out);
            assertThat(sent()).containsExactly(request);
        }
        receive(ipcp, ControlCode.CONFIGURE_NAK, request.id(), PEER_ADDRESS);
        ControlPacket last = sent().getFirst();
        receive(ipcp, ControlCode.CONFIGURE_ACK, last.id(), PEER_ADDRESS);
        receive(ipcp, ControlCode.CONFIGURE_REQUEST, 9, OUR_ADDRESS);
        assertThat(ipcp.isOpened()).isTrue();
        assertThat(options.agreed().ourAddress()).isEqualTo(address("192.168.10.100"));
    }

    private static IpcpServerOptions server() {
        return new IpcpServerOptions(PLAN);
    }

    private Automaton automaton(IpcpOptions options) {
        Automaton ipcp = new Automaton(options, RestartPolicy.STANDARD);
        ipcp.open(now, out);
        ipcp.up(now, out);
        return ipcp;
    }

    private ControlPacket start(IpcpOptions options) {
        automaton(options);
        return sent().getFirst();
    }

    private void receive(Automaton ipcp, int code, int id, String data) {
        out.clear();
        ipcp.receive(packet(code, id, data), now, out);
    }

    private List<ControlPacket> sent() {
        List<ControlPacket> packets = new ArrayList<>();
        for (LayerAction action : out) {
            if (action instanceof LayerAction.Send(ControlPacket packet)) {
                packets.add(packet);
            }
        }
        return packets;
    }

    private static ControlPacket packet(int code, int id, String data) {
        return new ControlPacket(code, id, hex(data));
    }

    private static Ipv4Address address(String text) {
        return Ipv4Address.parse(text);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
