package io.pptpoperator.protocol.ppp.lcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What LCP negotiates (RFC 1661 section 6). */
class LcpTest {

    private static final List<AuthMethod> ALL = List.of(AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1, AuthMethod.CHAP_MD5,
            AuthMethod.PAP);

    private final LcpDriver driver = new LcpDriver();

    @Test
    void serverAsksForMruAuthenticationMagicAndCompression() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.start(lcp);
        assertThat(request.options()).extracting(ConfigureOption::type).containsExactly(1, 3, 5, 7, 8);
        assertThat(request.options().get(0).asShort()).isEqualTo(1400);
        assertThat(request.options().get(1).data()).isEqualTo(LcpDriver.hex("c22381"));
        assertThat(request.options().get(2).asInt()).isNotZero();
    }

    @Test
    void defaultMruGoesWithoutSaying() {
        assertThat(driver.start(LcpDriver.server(1500, AuthMethod.PAP)).options()).extracting(ConfigureOption::type)
                .containsExactly(3, 5, 7, 8);
    }

    @Test
    void agreesWithALinuxClient() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.open(lcp, "020600000000050669db23e407020802");
        assertThat(lcp.result()).isEqualTo(
                new LcpResult(1500, 0x69db23e4, true, true, Optional.of(AuthMethod.MSCHAPV2), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"0d0306, callback", "1104064e, MRRU", "130301, endpoint discriminator", "1202, short sequence numbers",
            "170412ab, link discriminator", "0408c02500000001, quality protocol", "fe03aa, unknown",
            "0305c22381, authentication of a server", "01030a, MRU of one byte", "0704abcd, PFC with a value",
            "05030a, magic number of one byte"})
    void rejectsByteForByte(String option, String what) {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        driver.receive(lcp, LcpDriver.request(4, "0206000a0000" + option));
        assertThat(driver.sent()).as(what)
                .containsExactly(new ControlPacket(ControlCode.CONFIGURE_REJECT, 4, LcpDriver.hex(option)));
    }

    @Test
    void naksAnMruThatIsTooSmallAndAMagicNumberOfZero() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        driver.start(lcp);
        driver.receive(lcp, LcpDriver.request(4, "01040040050600000000"));
        List<ConfigureOption> naks = driver.sent().getFirst().options();
        assertThat(driver.sent().getFirst().code()).isEqualTo(ControlCode.CONFIGURE_NAK);
        assertThat(naks.get(0)).isEqualTo(ConfigureOption.ofShort(1, LcpSettings.MIN_MRU));
        assertThat(naks.get(1).asInt()).isNotZero();
    }

    @Test
    void nakSteersToTheMethodThatThePeerSuggests() {
        Lcp lcp = LcpDriver.server(1400, ALL.toArray(AuthMethod[]::new));
        ControlPacket request = driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), LcpDriver.hex("0304c023")));
        assertThat(driver.sent().getFirst().options()).contains(new ConfigureOption(3, LcpDriver.hex("c023")));
    }

    /** pppd names CHAP with MD5 when it has no EAP, and takes MS-CHAPv2 when it is asked for that. */
    @Test
    void aPeerWithoutEapIsAskedForTheNextBestWhateverItNamesInstead() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.EAP, AuthMethod.MSCHAPV2, AuthMethod.CHAP_MD5);
        ControlPacket request = driver.start(lcp);
        assertThat(request.options()).contains(new ConfigureOption(3, LcpDriver.hex("c227")));
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), LcpDriver.hex("0305c22305")));
        assertThat(driver.sent().getFirst().options()).contains(new ConfigureOption(3, LcpDriver.hex("c22381")));
    }

    @Test
    void suggestionThatIsNotAllowedLeadsToTheNextMethod() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        ControlPacket request = driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), LcpDriver.hex("0304c227")));
        assertThat(driver.sent().getFirst().options()).contains(new ConfigureOption(3, LcpDriver.hex("c22380")));
    }

    @Test
    void peerThatNaksEveryMethodIsRefusedWithAReason() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        ControlPacket request = driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), LcpDriver.hex("0304c023")));
        driver.receive(lcp,
                new ControlPacket(ControlCode.CONFIGURE_NAK, driver.sent().getFirst().id(), LcpDriver.hex("0304c023")));
        assertThat(lcp.failure())
                .contains("the peer refuses every authentication method allowed here (mschapv2, mschapv1)");
        assertThat(lcp.state()).isEqualTo(Automaton.State.CLOSING);
    }

    @Test
    void peerThatRejectsAuthenticationIsRefusedWithAReason() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_REJECT, request.id(), LcpDriver.hex("0305c22381")));
        assertThat(lcp.failure()).contains("the peer refuses to authenticate itself");
    }

    @Test
    void clientTakesAnAllowedMethodAndNaksOthersWithItsBest() {
        Lcp lcp = LcpDriver.client(AuthMethod.MSCHAPV2, AuthMethod.MSCHAPV1);
        assertThat(driver.start(lcp).options()).extracting(ConfigureOption::type).doesNotContain(3);
        driver.receive(lcp, LcpDriver.request(1, "0304c023"));
        assertThat(driver.sent())
                .containsExactly(new ControlPacket(ControlCode.CONFIGURE_NAK, 1, LcpDriver.hex("0305c22381")));
        driver.receive(lcp, LcpDriver.request(2, "0305c22380"));
        assertThat(driver.sent().getFirst().code()).isEqualTo(ControlCode.CONFIGURE_ACK);
        assertThat(lcp.result().weProveBy()).contains(AuthMethod.MSCHAPV1);
    }

    @Test
    void takesASmallerMruThatThePeerSuggestsButNoLargerOne() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.start(lcp);
        driver.receive(lcp, new ControlPacket(ControlCode.CONFIGURE_NAK, request.id(), LcpDriver.hex("010405dc")));
        driver.receive(lcp,
                new ControlPacket(ControlCode.CONFIGURE_NAK, driver.sent().getFirst().id(), LcpDriver.hex("01040500")));
        assertThat(driver.sent().getFirst().options().getFirst().asShort()).isEqualTo(1280);
    }

    @Test
    void everyOptionButAuthenticationCanBeRejected() {
        Lcp lcp = LcpDriver.server(1400, AuthMethod.MSCHAPV2);
        ControlPacket request = driver.start(lcp);
        List<ConfigureOption> others = request.options().stream().filter(option -> option.type() != 3).toList();
        driver.receive(lcp, ControlPacket.ofOptions(ControlCode.CONFIGURE_REJECT, request.id(), others));
        assertThat(driver.sent().getFirst().options()).extracting(ConfigureOption::type).containsExactly(3);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new LcpSettings(60, List.of(), List.of())).hasMessageContaining("MRU 60");
        assertThatThrownBy(() -> new LcpSettings(9000, List.of(), List.of())).hasMessageContaining("MRU 9000");
        assertThatThrownBy(() -> new EchoSettings(-1, 1)).hasMessageContaining("-1 ms");
        assertThatThrownBy(() -> new EchoSettings(1, 0)).hasMessageContaining("0 failures");
    }
}
