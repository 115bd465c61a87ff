package io.pptpoperator.dataplane.ppp.lcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.ppp.Automaton;
import io.pptpoperator.dataplane.ppp.ConfigureOption;
import io.pptpoperator.dataplane.ppp.ControlCode;
import io.pptpoperator.dataplane.ppp.ControlPacket;
import io.pptpoperator.dataplane.ppp.LayerAction;
import io.pptpoperator.dataplane.ppp.PppPacketException;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import io.pptpoperator.dataplane.ppp.RestartPolicy;
import io.pptpoperator.dataplane.ppp.auth.AuthMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LcpTest {

    private static final List<AuthMethod> ALL = List.of(AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1,
            AuthMethod.CHAP_MD5, AuthMethod.PAP);
    private static final EchoSettings ECHO = new EchoSettings(1_000, 3);

    private final List<LcpAction> out = new ArrayList<>();
    private long now = 50_000;

    @Test
    void serverAsksForMruAuthenticationMagicAndCompression() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = start(lcp);
        assertThat(request.options()).extracting(ConfigureOption::type).containsExactly(1, 3, 5, 7, 8);
        assertThat(request.options().get(0).asShort()).isEqualTo(1400);
        assertThat(request.options().get(1).data()).isEqualTo(hex("c22381"));
        assertThat(request.options().get(2).asInt()).isNotZero();
    }

    @Test
    void defaultMruGoesWithoutSaying() {
        assertThat(start(server(1500, AuthMethod.PAP)).options()).extracting(ConfigureOption::type)
                .containsExactly(3,
                        5, 7, 8);
    }

    @Test
    void agreesWithALinuxClient() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "020600000000050669db23e407020802");
        assertThat(lcp.result()).isEqualTo(new LcpResult(1500, 0x69db23e4, true, true,
                Optional.of(AuthMethod.MSCHAPV2), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"0d0306, callback", "1104064e, MRRU", "130301, endpoint discriminator",
            "1202, short sequence numbers",
            "170412ab, link discriminator", "0408c02500000001, quality protocol", "fe03aa, unknown",
            "0305c22381, authentication of a server",
            "01030a, MRU of one byte", "0704abcd, PFC with a value",
            "05030a, magic number of one byte"})
    void rejectsByteForByte(String option, String what) {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        receive(lcp, request(4, "0206000a0000" + option));
        assertThat(sent()).as(what)
                .containsExactly(new ControlPacket(ControlCode.CONFIGURE_REJECT, 4, hex(option)));
    }

    @Test
    void naksAnMruThatIsTooSmallAndAMagicNumberOfZero() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        receive(lcp, request(4, "01040040050600000000"));
        List<ConfigureOption> naks = sent().getFirst().options();
        assertThat(sent().getFirst().code()).isEqualTo(ControlCode.CONFIGURE_NAK);
        assertThat(naks.get(0)).isEqualTo(ConfigureOption.ofShort(1, LcpSettings.MIN_MRU));
        assertThat(naks.get(1).asInt()).isNotZero();
    }

    @Test
    void nakSteersToTheMethodThatThePeerSuggests() {
        Lcp lcp = server(1400, ALL.toArray(AuthMethod[]::new));
        ControlPacket request = start(lcp);
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), hex("0304c023")));
        assertThat(sent().getFirst().options()).contains(new ConfigureOption(3, hex("c023")));
    }

    @Test
    void suggestionThatIsNotAllowedLeadsToTheNextMethod() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        ControlPacket request = start(lcp);
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), hex("0304c227")));
        assertThat(sent().getFirst().options()).contains(new ConfigureOption(3, hex("c22380")));
    }

    @Test
    void peerThatNaksEveryMethodIsRefusedWithAReason() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        ControlPacket request = start(lcp);
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), hex("0304c023")));
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, sent().getFirst().id(), hex("0304c023")));
        assertThat(lcp.failure()).contains(
                "the peer refuses every authentication method allowed here (mschapv2, mschapv1)");
        assertThat(lcp.state()).isEqualTo(Automaton.State.CLOSING);
    }

    @Test
    void peerThatRejectsAuthenticationIsRefusedWithAReason() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = start(lcp);
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_REJECT, request.id(), hex("0305c22381")));
        assertThat(lcp.failure()).contains("the peer refuses to authenticate itself");
    }

    @Test
    void clientTakesAnAllowedMethodAndNaksOthersWithItsBest() {
        Lcp lcp = client(AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        assertThat(start(lcp).options()).extracting(ConfigureOption::type).doesNotContain(3);
        receive(lcp, request(1, "0304c023"));
        assertThat(sent())
                .containsExactly(new ControlPacket(ControlCode.CONFIGURE_NAK, 1, hex("0305c22381")));
        receive(lcp, request(2, "0305c22380"));
        assertThat(sent().getFirst().code()).isEqualTo(ControlCode.CONFIGURE_ACK);
        assertThat(lcp.result().weProveBy()).contains(AuthMethod.MSCHAPV1);
    }

    @Test
    void takesASmallerMruThatThePeerSuggestsButNoLargerOne() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = start(lcp);
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), hex("010405dc")));
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, sent().getFirst().id(), hex("01040500")));
        assertThat(sent().getFirst().options().getFirst().asShort()).isEqualTo(1280);
    }

    @Test
    void everyOptionButAuthenticationCanBeRejected() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = start(lcp);
        List<ConfigureOption> others = request.options().stream().filter(option -> option.type() != 3)
                .toList();
        receive(lcp, ControlPacket.ofOptions(ControlCode.CONFIGURE_REJECT, request.id(), others));
        assertThat(sent().getFirst().options()).extracting(ConfigureOption::type).containsExactly(3);
    }

    @Test
    void noticesThatItTalksToItself() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        List<LcpAction> everything = new ArrayList<>();
        List<ControlPacket> echo = sent();
        for (int round = 0; round < 10 && !everything.contains(new LcpAction.LoopDetected()); round++) {
            List<ControlPacket> next = new ArrayList<>();
            for (ControlPacket packet : echo) {
                receive(lcp, packet);
                everything.addAll(out);
                next.addAll(sent());
            }
            echo = next;
        }
        assertThat(everything).contains(new LcpAction.LoopDetected());
    }

    @Test
    void noticesALoopThatArisesLater() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = open(lcp, "0506695aabcd");
        ControlPacket ownEcho = new ControlPacket(ControlCode.ECHO_REQUEST, 1,
                request.options().get(2).data());
        receive(lcp, ownEcho);
        receive(lcp, ownEcho);
        assertThat(out).doesNotContain(new LcpAction.LoopDetected());
        receive(lcp, ownEcho);
        assertThat(out).contains(new LcpAction.LoopDetected());
    }

    @Test
    void answersEchoWithItsOwnMagicAndTheSameDataCutToThePeersMru() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = open(lcp, "010400800506695aabcd");
        byte[] data = new byte[300];
        data[0] = 0x69;
        data[4] = 77;
        receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, data));
        ControlPacket reply = sent().getFirst();
        assertThat(reply.code()).isEqualTo(ControlCode.ECHO_REPLY);
        assertThat(reply.id()).isEqualTo(9);
        assertThat(reply.encode()).hasSize(128);
        assertThat(reply.data()).startsWith(request.options().get(2).data()).contains(77);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4})
    void answersEchoHoweverShort(int length) {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, new byte[length]));
        assertThat(sent().getFirst().data()).hasSize(4);
    }

    @Test
    void doesNotAnswerEchoBeforeItIsOpen() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, new byte[4]));
        assertThat(out).isEmpty();
    }

    @Test
    void probesOnlyASilentPeerAndGivesItUpAfterTheFailuresAllowed() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        now += 900;
        lcp.heard(now);
        now += 900;
        tick(lcp);
        assertThat(out).isEmpty();
        for (int probe = 0; probe < ECHO.failures(); probe++) {
            now = lcp.deadline();
            tick(lcp);
            assertThat(sent()).hasSize(1).first().extracting(ControlPacket::code)
                    .isEqualTo(ControlCode.ECHO_REQUEST);
        }
        now = lcp.deadline();
        tick(lcp);
        assertThat(out).containsExactly(
                new LcpAction.PeerSilent("the peer answered none of 3 LCP Echo-Requests in 3 s"));
    }

    @Test
    void anySignOfLifeForgivesUnansweredProbes() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        for (int i = 0; i < 20; i++) {
            now = lcp.deadline();
            tick(lcp);
            assertThat(sent()).hasSize(1);
            if (i % 2 == 1) {
                lcp.heard(now);
            }
        }
        assertThat(out).noneMatch(LcpAction.PeerSilent.class::isInstance);
    }

    @Test
    void echoCanBeSwitchedOff() {
        Lcp lcp = new Lcp(new LcpSettings(1400, List.of(AuthMethod.PAP), List.of()), RestartPolicy.STANDARD,
                EchoSettings.OFF, new Random(1));
        open(lcp, "");
        assertThat(lcp.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rejectsProtocolsOnlyWhenOpenAndCutToThePeersMru() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        out.clear();
        lcp.rejectProtocol(PppProtocol.IPV6CP, new byte[]{1}, out);
        assertThat(out).isEmpty();
        lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "01040080");
        out.clear();
        lcp.rejectProtocol(PppProtocol.IPV6CP, new byte[500], out);
        assertThat(sent().getFirst().encode()).hasSize(128);
        assertThat(sent().getFirst().data()).startsWith(0x80, 0x57);
    }

    @Test
    void tellsWhichProtocolThePeerRejects() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        start(lcp);
        receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, hex("80fd0101")));
        assertThat(out).isEmpty();
        lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, hex("80fd0101")));
        assertThat(out).containsExactly(new LcpAction.ProtocolRejected(PppProtocol.CCP));
        receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, hex("c0210101")));
        assertThat(lcp.state()).isEqualTo(Automaton.State.STOPPING);
    }

    @Test
    void protocolRejectWithoutAProtocolIsReported() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        assertThatThrownBy(() -> receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, new byte[1])))
                .isInstanceOf(PppPacketException.class).hasMessageContaining("Protocol-Reject of 1 bytes");
    }

    @Test
    void notesWhoThePeerSaysItIs() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, identification("MSRASV5.20".getBytes(StandardCharsets.US_ASCII)));
        assertThat(out).containsExactly(new LcpAction.Note("the peer identifies itself as MSRASV5.20"));
    }

    @Test
    void tellsTheNameOfAWindowsComputer() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, identification("MSRAS-0-MSEDGEWIN10".getBytes(StandardCharsets.US_ASCII)));
        assertThat(out).containsExactly(new LcpAction.PeerComputer("MSEDGEWIN10"));
    }

    @Test
    void notesBinaryAndLongIdentificationsInAFormFitForTheLog() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, identification(hex("0a0d00ff")));
        assertThat(out).containsExactly(new LcpAction.Note("the peer identifies itself as 0a0d00ff"));
        receive(lcp, identification("x".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
        assertThat(out)
                .containsExactly(new LcpAction.Note("the peer identifies itself as " + "x".repeat(64) + "…"));
        receive(lcp, new ControlPacket(ControlCode.IDENTIFICATION, 1, new byte[2]));
        assertThat(out).isEmpty();
    }

    @Test
    void notesTheTimeRemainingButNotForEver() {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        int notes = 0;
        for (int i = 0; i < 100; i++) {
            receive(lcp, new ControlPacket(ControlCode.TIME_REMAINING, 1, hex("695aabcd0000003c")));
            notes += out.size();
            if (i == 0) {
                assertThat(out).containsExactly(new LcpAction.Note("the peer will end the link in 60 s"));
            }
        }
        assertThat(notes).isEqualTo(8);
        receive(lcp, new ControlPacket(ControlCode.TIME_REMAINING, 1, hex("695aabcd")));
        assertThat(out).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', the peer closed the link",
            "557365722072657175657374, the peer closed the link: User request",
            "1234567800" + "3ccd74" + "000002e6, the peer closed the link with Windows error 742",
            "1234567800" + "3ccd74" + "00000000, the peer closed the link",
            "0001, the peer closed the link: 0001"})
    void tellsWhyThePeerEndsTheLink(String data, String text) {
        Lcp lcp = server(1400, AuthMethod.MSCHAPV2);
        open(lcp, "");
        receive(lcp, new ControlPacket(ControlCode.TERMINATE_REQUEST, 2, hex(data)));
        assertThat(out.getFirst()).isEqualTo(new LcpAction.TerminationRequested(text));
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new LcpSettings(60, List.of(), List.of())).hasMessageContaining("MRU 60");
        assertThatThrownBy(() -> new LcpSettings(9000, List.of(), List.of()))
                .hasMessageContaining("MRU 9000");
        assertThatThrownBy(() -> new EchoSettings(-1, 1)).hasMessageContaining("-1 ms");
        assertThatThrownBy(() -> new EchoSettings(1, 0)).hasMessageContaining("0 failures");
    }

    private static Lcp server(int mru, AuthMethod... methods) {
        return new Lcp(new LcpSettings(mru, List.of(methods), List.of()), RestartPolicy.STANDARD, ECHO,
                new Random(1));
    }

    private static Lcp client(AuthMethod... methods) {
        return new Lcp(new LcpSettings(1400, List.of(), List.of(methods)), RestartPolicy.STANDARD, ECHO,
                new Random(2));
    }

    private ControlPacket start(Lcp lcp) {
        lcp.start(now, out);
        return sent().getFirst();
    }

    private ControlPacket open(Lcp lcp, String peerOptions) {
        out.clear();
        ControlPacket request = start(lcp);
        receive(lcp, request(1, peerOptions));
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_ACK, request.id(), request.data()));
        assertThat(lcp.state()).isEqualTo(Automaton.State.OPENED);
        return request;
    }

    private void tick(Lcp lcp) {
        out.clear();
        lcp.tick(now, out);
    }

    private void receive(Lcp lcp, ControlPacket packet) {
        out.clear();
        lcp.receive(packet, now, out);
    }

    private List<ControlPacket> sent() {
        List<ControlPacket> packets = new ArrayList<>();
        for (LcpAction action : out) {
            if (action instanceof LcpAction.Layer(LayerAction.Send(ControlPacket packet))) {
                packets.add(packet);
            }
        }
        return packets;
    }

    private static ControlPacket request(int id, String options) {
        return new ControlPacket(ControlCode.CONFIGURE_REQUEST, id, hex(options));
    }

    private static ControlPacket identification(byte[] text) {
        byte[] data = new byte[4 + text.length];
        System.arraycopy(text, 0, data, 4, text.length);
        return new ControlPacket(ControlCode.IDENTIFICATION, 1, data);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
