package io.pptpoperator.dataplane.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.client.SimulatedDial.Options;
import io.pptpoperator.dataplane.client.SimulatedDial.Sender;
import io.pptpoperator.protocol.control.StartControlConnectionReply;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's state machine against the server's. */
class PnsSessionTest {

    private static final ClientSettings STRONG = ClientSettings.of(SimulatedDial.alice(AuthMethod.MSCHAPV2),
            EncryptionSettings.STRONG);

    private static SimulatedDial connected(ClientSettings settings, Options options) {
        var dialer = new SimulatedDial(settings, options).dial().run(2_000);
        assertThat(dialer.client.missing()).as(() -> "missing after " + dialer.clientActions).isEmpty();
        return dialer;
    }

    private static SessionEnd refused(ClientSettings settings, Options options) {
        var dialer = new SimulatedDial(settings, options).dial().run(200_000);
        assertThat(dialer.end()).as(() -> "end after " + dialer.clientActions).isPresent();
        assertThat(dialer.link(LinkAction.NetworkUp.class)).isEmpty();
        return dialer.end().orElseThrow();
    }

    @Test
    void aClientGetsFromTcpToItsAddressesInOrder() {
        var dialer = connected(STRONG, new Options());
        assertThat(dialer.clientActions.stream()
                .filter(action -> !(action instanceof ClientAction.Control))
                .map(PnsSessionTest::name)
                .filter(name -> !name.equals("Send"))).containsExactly("Started", "CallUp", "LcpOpened", "StepDone",
                        "Authenticated", "StepDone", "MppeReceive", "StepDone", "MppeUp", "StepDone", "NetworkUp");
        assertThat(dialer.link(LinkAction.NetworkUp.class).map(LinkAction.NetworkUp::addresses)).containsExactly(
                new AddressPlan(SimulatedDial.CLIENT, SimulatedDial.SERVER, List.of(SimulatedDial.DNS), List.of()));
        assertThat(dialer.client.encryption()).contains(new MppeParameters(128, true));
        assertThat(dialer.client.mtu()).isEqualTo(1396);
        assertThat(dialer.told(ClientAction.Started.class)
                .map(ClientAction.Started::reply)
                .map(StartControlConnectionReply::hostName)
                .map(Object::toString)).isNotEmpty();
    }

    private static String name(ClientAction action) {
        return action instanceof ClientAction.Link(LinkAction link)
                ? link.getClass().getSimpleName()
                : action.getClass().getSimpleName();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 56, 128})
    void whatTheClientEncryptsTheServerDecrypts(int bits) {
        var encryption = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(bits), false);
        var options = new Options();
        options.serverEncryption = encryption;
        var dialer = connected(ClientSettings.of(SimulatedDial.alice(AuthMethod.MSCHAPV2), encryption), options);
        var client = dialer.link(LinkAction.MppeUp.class).findFirst().orElseThrow();
        var server = dialer.server(LinkAction.MppeUp.class).findFirst().orElseThrow();
        assertThat(client.send()).isEqualTo(new MppeParameters(bits, true));
        assertThat(passes(client, server)).isEqualTo(MppeVerdict.OK);
        assertThat(passes(server, client)).isEqualTo(MppeVerdict.OK);
    }

    private static MppeVerdict passes(LinkAction.MppeUp from, LinkAction.MppeUp to) {
        int length = 2 + 2 + 20;
        ByteBuffer packet = ByteBuffer.allocateDirect(length);
        packet.putShort(2, (short) 0x0021).putInt(4, 0x4500_0000 | 20);
        from.keys().encryptor(from.send()).encrypt(packet, 0, length, new MppeWorkspace());
        return to.keys().decryptor(to.receive()).decrypt(packet, 0, length, 0, new MppeWorkspace());
    }

    @ParameterizedTest
    @EnumSource(value = AuthMethod.class, mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void everyMethodLogsIn(AuthMethod method) {
        var options = new Options();
        options.serverMethods = List.of(method);
        options.serverEncryption = EncryptionSettings.NONE;
        var dialer = connected(
                ClientSettings.of(SimulatedDial.alice(AuthMethod.ofPasswords().toArray(AuthMethod[]::new)),
                        new EncryptionSettings(EncryptionPolicy.PREFERRED, Set.of(128), false)),
                options);
        assertThat(dialer.link(LinkAction.Authenticated.class).map(LinkAction.Authenticated::method))
                .containsExactly(method);
        assertThat(dialer.client.encryption()).isEmpty();
        assertThat(dialer.client.mtu()).isEqualTo(1400);
    }

    @Test
    void framesThatOutrunTheCallsReplyAreNotLost() {
        var options = new Options();
        options.tcpDelay = 60;
        options.greDelay = 1;
        var dialer = new SimulatedDial(STRONG, options).dial().run(60 * 6);
        assertThat(dialer.client.missing()).as("connected before any frame had to be sent again").isEmpty();
    }

    @Property(tries = 300)
    void aClientConnectsThroughANetworkThatLosesEverySeventhFrame(@ForAll long seed) {
        var random = new Random(seed);
        var options = new Options();
        options.lost = frame -> random.nextInt(7) == 0;
        var dialer = new SimulatedDial(STRONG, options).dial();
        for (int second = 0; second < 60 && dialer.client.missing().isPresent() && dialer.end().isEmpty(); second++) {
            dialer.run(1_000);
        }
        assertThat(dialer.client.missing()).as(() -> "missing after " + dialer.clientActions).isEmpty();
    }

    @Test
    void aWrongPasswordEndsTheSession() {
        var wrong = new Login(SimulatedDial.USER, new Credentials.Password("wrong"), List.of(AuthMethod.MSCHAPV2));
        SessionEnd end = refused(ClientSettings.of(wrong, EncryptionSettings.STRONG), new Options());
        assertThat(end.missing()).contains(LoginStep.AUTHENTICATION);
        assertThat(end.reason()).contains(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(end.loginFailure()).contains(LoginFailure.BAD_CREDENTIALS);
        assertThat(end.detail()).contains("691").doesNotContain("wrong\"");
        assertThat(end.isFinal()).isFalse();
    }

    @Test
    void aFullServerMayHaveRoomLater() {
        var options = new Options();
        options.refusal = Optional.of(LoginFailure.SESSION_LIMIT);
        SessionEnd end = refused(STRONG, options);
        assertThat(end.loginFailure()).contains(LoginFailure.REFUSED);
        assertThat(end.isFinal()).isFalse();
    }

    @Test
    void aServerThatWantsThePasswordInClearDoesNotGetIt() {
        var options = new Options();
        options.serverMethods = List.of(AuthMethod.PAP);
        options.serverEncryption = EncryptionSettings.NONE;
        var settings = ClientSettings.of(SimulatedDial.alice(AuthMethod.MSCHAPV2), EncryptionSettings.NONE);
        SessionEnd end = refused(settings, options);
        assertThat(end.missing()).contains(LoginStep.LCP);
    }

    @Test
    void aServerWithoutEncryptionIsLeftWhereEncryptionIsRequired() {
        var options = new Options();
        options.serverEncryption = EncryptionSettings.NONE;
        SessionEnd end = refused(STRONG, options);
        assertThat(end.missing()).contains(LoginStep.ENCRYPTION);
        assertThat(end.reason()).contains(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(end.isFinal()).isFalse();
    }

    @Test
    void aServerThatNeverSendsGreIsGivenUpWithTheRightSuspicion() {
        var options = new Options();
        options.lost = frame -> frame.sender() == Sender.SERVER;
        SessionEnd end = refused(STRONG, options);
        assertThat(end.missing()).contains(LoginStep.LCP);
        assertThat(end.reason()).contains(TerminationReason.NO_ANSWER);
        assertThat(end.detail()).contains("GRE");
        assertThat(end.isFinal()).isFalse();
    }

    @Test
    void aRefusedCallEndsTheSession() {
        var options = new Options();
        options.refusesCall = true;
        SessionEnd end = refused(STRONG, options);
        assertThat(end.missing()).contains(LoginStep.CALL);
        assertThat(end.reason()).isEmpty();
        assertThat(end.detail()).contains("busy");
    }

    @Test
    void aStrangerSeesWhatTheServerDemandsAndProvesNothing() {
        var stranger = new ClientSettings(Optional.empty(), EncryptionSettings.NONE, 1400, EchoSettings.OFF,
                LinkTimers.STANDARD, 10_000);
        var options = new Options();
        options.serverMethods = List.of(AuthMethod.PAP);
        options.serverEncryption = EncryptionSettings.NONE;
        var dialer = new SimulatedDial(stranger, options).dial().run(5_000);
        assertThat(dialer.client.missing()).contains(LoginStep.AUTHENTICATION);
        assertThat(dialer.server(LinkAction.LoginFailed.class)).isEmpty();
    }

    @Test
    void hangingUpEndsBothEndsInOrder() {
        var dialer = connected(STRONG, new Options());
        dialer.hangUp();
        dialer.run(1_000);
        SessionEnd end = dialer.end().orElseThrow();
        assertThat(end.reason()).contains(TerminationReason.USER_REQUEST);
        assertThat(end.missing()).isEmpty();
        assertThat(dialer.server(LinkAction.Terminated.class).map(LinkAction.Terminated::reason))
                .containsExactly(TerminationReason.PEER_REQUEST);
        assertThat(dialer.clientActions.getLast()).isInstanceOf(ClientAction.Ended.class);
        assertThat(dialer.client.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void hangingUpTakesLittleTimeWhenTheServerIsSilent() {
        var options = new Options();
        var dialer = connected(STRONG, options);
        options.lost = frame -> true;
        dialer.hangUp();
        dialer.run(1_500);
        assertThat(dialer.end()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 7, 12, 22, 27, 33, 60})
    void hangingUpIsPossibleAtAnyTime(long millis) {
        var dialer = new SimulatedDial(STRONG, new Options()).dial().run(millis);
        dialer.hangUp();
        dialer.run(5_000);
        assertThat(dialer.end().flatMap(SessionEnd::reason)).contains(TerminationReason.USER_REQUEST);
    }

    @Test
    void theServersEndIsTold() {
        var dialer = connected(STRONG, new Options());
        dialer.serverEnds();
        dialer.run(3_000);
        SessionEnd end = dialer.end().orElseThrow();
        assertThat(end.reason()).contains(TerminationReason.PEER_REQUEST);
        assertThat(end.detail()).contains("administrator");
        assertThat(dialer.link(LinkAction.NetworkDown.class)).hasSize(1);
    }

    @Test
    void aLostTcpConnectionEndsTheSessionAtOnce() {
        var dialer = connected(STRONG, new Options());
        dialer.cut();
        SessionEnd end = dialer.end().orElseThrow();
        assertThat(end.missing()).isEmpty();
        assertThat(end.isFinal()).isFalse();
        assertThat(end.detail()).contains("TCP");
        assertThat(dialer.link(LinkAction.NetworkDown.class)).hasSize(1);
    }

    @Test
    void aServerThatVanishesIsNoticedByLcpEcho() {
        var options = new Options();
        options.serverEcho = EchoSettings.OFF;
        var dialer = connected(STRONG, options);
        options.lost = frame -> true;
        dialer.run(200_000);
        assertThat(dialer.end().flatMap(SessionEnd::reason)).contains(TerminationReason.ECHO_TIMEOUT);
    }

    @Test
    void packetsThatNeverDecryptEndTheSession() {
        var dialer = connected(STRONG, new Options());
        dialer.mppeHopeless();
        dialer.run(3_000);
        assertThat(dialer.link(LinkAction.NetworkUp.class)).as("connected again, with other keys").hasSize(2);
        dialer.mppeHopeless();
        dialer.run(3_000);
        assertThat(dialer.end().flatMap(SessionEnd::reason)).contains(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(dialer.client.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void noTextFormShowsThePassword() {
        assertThat(STRONG.toString()).doesNotContain(SimulatedDial.PASSWORD);
    }
}
