package io.pptpoperator.protocol.ppp.lcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What LCP does while it is open: link maintenance (RFC 1661 sections 5.5 to 5.9), and a loop that is noticed. */
class LcpLinkMaintenanceTest {

    private final LcpDriver driver = new LcpDriver();

    @Test
    void noticesThatItTalksToItself() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        List<LcpAction> everything = new ArrayList<>();
        List<ControlPacket> echo = driver.sent();
        for (int round = 0; round < 10 && !everything.contains(new LcpAction.LoopDetected()); round++) {
            List<ControlPacket> next = new ArrayList<>();
            for (ControlPacket packet : echo) {
                driver.receive(lcp, packet);
                everything.addAll(driver.out);
                next.addAll(driver.sent());
            }
            echo = next;
        }
        assertThat(everything).contains(new LcpAction.LoopDetected());
    }

    @Test
    void noticesALoopThatArisesLater() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.open(lcp, "0506695aabcd");
        ControlPacket ownEcho = new ControlPacket(ControlCode.ECHO_REQUEST, 1, request.options().get(2).data());
        driver.receive(lcp, ownEcho);
        driver.receive(lcp, ownEcho);
        assertThat(driver.out).doesNotContain(new LcpAction.LoopDetected());
        driver.receive(lcp, ownEcho);
        assertThat(driver.out).contains(new LcpAction.LoopDetected());
    }

    @Test
    void answersEchoWithItsOwnMagicAndTheSameDataCutToThePeersMru() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.open(lcp, "010400800506695aabcd");
        byte[] data = new byte[300];
        data[0] = 0x69;
        data[4] = 77;
        driver.receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, data));
        ControlPacket reply = driver.sent().getFirst();
        assertThat(reply.code()).isEqualTo(ControlCode.ECHO_REPLY);
        assertThat(reply.id()).isEqualTo(9);
        assertThat(reply.encode()).hasSize(128);
        assertThat(reply.data()).startsWith(request.options().get(2).data()).contains(77);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4})
    void answersEchoHoweverShort(int length) {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, new byte[length]));
        assertThat(driver.sent().getFirst().data()).hasSize(4);
    }

    @Test
    void doesNotAnswerEchoBeforeItIsOpen() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.ECHO_REQUEST, 9, new byte[4]));
        assertThat(driver.out).isEmpty();
    }

    @Test
    void probesOnlyASilentPeerAndGivesItUpAfterTheFailuresAllowed() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.now += 900;
        lcp.heard(driver.now);
        driver.now += 900;
        driver.tick(lcp);
        assertThat(driver.out).isEmpty();
        for (int probe = 0; probe < LcpDriver.ECHO.failures(); probe++) {
            driver.now = lcp.deadline();
            driver.tick(lcp);
            assertThat(driver.sent()).hasSize(1)
                    .first()
                    .extracting(ControlPacket::code)
                    .isEqualTo(ControlCode.ECHO_REQUEST);
        }
        driver.now = lcp.deadline();
        driver.tick(lcp);
        assertThat(driver.out)
                .containsExactly(new LcpAction.PeerSilent("the peer answered none of 3 LCP Echo-Requests in 3 s"));
    }

    @Test
    void anySignOfLifeForgivesUnansweredProbes() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        for (int i = 0; i < 20; i++) {
            driver.now = lcp.deadline();
            driver.tick(lcp);
            assertThat(driver.sent()).hasSize(1);
            if (i % 2 == 1) {
                lcp.heard(driver.now);
            }
        }
        assertThat(driver.out).noneMatch(LcpAction.PeerSilent.class::isInstance);
    }

    @Test
    void echoCanBeSwitchedOff() {
        Lcp lcp = new Lcp(new LcpSettings(1400, List.of(AuthMethod.PAP), List.of()), RestartPolicy.STANDARD,
                EchoSettings.OFF, new Random(1));
        driver.open(lcp, "");
        assertThat(lcp.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rejectsProtocolsOnlyWhenOpenAndCutToThePeersMru() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        driver.out.clear();
        lcp.rejectProtocol(PppProtocol.IPV6CP, new byte[]{1}, driver.out);
        assertThat(driver.out).isEmpty();
        lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "01040080");
        driver.out.clear();
        lcp.rejectProtocol(PppProtocol.IPV6CP, new byte[500], driver.out);
        assertThat(driver.sent().getFirst().encode()).hasSize(128);
        assertThat(driver.sent().getFirst().data()).startsWith(0x80, 0x57);
    }

    @Test
    void tellsWhichProtocolThePeerRejects() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, LcpDriver.hex("80fd0101")));
        assertThat(driver.out).isEmpty();
        lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        var reject = new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, LcpDriver.hex("80fd0101"));
        driver.receive(lcp, reject);
        assertThat(driver.out).containsExactly(new LcpAction.ProtocolRejected(PppProtocol.CCP, reject));
        driver.receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, LcpDriver.hex("c0210101")));
        assertThat(lcp.state()).isEqualTo(Automaton.State.STOPPING);
    }

    @Test
    void protocolRejectWithoutAProtocolIsReported() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        assertThatThrownBy(() -> driver.receive(lcp, new ControlPacket(ControlCode.PROTOCOL_REJECT, 1, new byte[1])))
                .isInstanceOf(PppPacketException.class)
                .hasMessageContaining("Protocol-Reject of 1 bytes");
    }

    @Test
    void notesWhoThePeerSaysItIs() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.receive(lcp, LcpDriver.identification("MSRASV5.20".getBytes(StandardCharsets.US_ASCII)));
        assertThat(driver.out).containsExactly(new LcpAction.Note("the peer identifies itself as MSRASV5.20"));
    }

    @Test
    void tellsTheNameOfAWindowsComputer() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.receive(lcp, LcpDriver.identification("MSRAS-0-MSEDGEWIN10".getBytes(StandardCharsets.US_ASCII)));
        assertThat(driver.out).containsExactly(new LcpAction.PeerComputer("MSEDGEWIN10"));
    }

    @Test
    void notesBinaryAndLongIdentificationsInAFormFitForTheLog() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.receive(lcp, LcpDriver.identification(LcpDriver.hex("0a0d00ff")));
        assertThat(driver.out).containsExactly(new LcpAction.Note("the peer identifies itself as 0a0d00ff"));
        driver.receive(lcp, LcpDriver.identification("x".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
        assertThat(driver.out)
                .containsExactly(new LcpAction.Note("the peer identifies itself as " + "x".repeat(64) + "…"));
        driver.receive(lcp, new ControlPacket(ControlCode.IDENTIFICATION, 1, new byte[2]));
        assertThat(driver.out).isEmpty();
    }

    @Test
    void notesTheTimeRemainingButNotForEver() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        int notes = 0;
        for (int i = 0; i < 100; i++) {
            driver.receive(lcp, new ControlPacket(ControlCode.TIME_REMAINING, 1, LcpDriver.hex("695aabcd0000003c")));
            notes += driver.out.size();
            if (i == 0) {
                assertThat(driver.out).containsExactly(new LcpAction.Note("the peer will end the link in 60 s"));
            }
        }
        assertThat(notes).isEqualTo(8);
        driver.receive(lcp, new ControlPacket(ControlCode.TIME_REMAINING, 1, LcpDriver.hex("695aabcd")));
        assertThat(driver.out).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', the peer closed the link", "557365722072657175657374, the peer closed the link: User request",
            "1234567800" + "3ccd74" + "000002e6, the peer closed the link with Windows error 742",
            "1234567800" + "3ccd74" + "00000000, the peer closed the link", "0001, the peer closed the link: 0001"})
    void tellsWhyThePeerEndsTheLink(String data, String text) {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "");
        driver.receive(lcp, new ControlPacket(ControlCode.TERMINATE_REQUEST, 2, LcpDriver.hex(data)));
        assertThat(driver.out.getFirst()).isEqualTo(new LcpAction.TerminationRequested(text));
    }
}
