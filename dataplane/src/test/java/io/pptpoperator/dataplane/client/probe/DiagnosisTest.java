package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.client.probe.Fact.TcpFailed.Trouble;
import io.pptpoperator.dataplane.client.probe.PhaseResult.Status;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The verdict on every phase, from facts alone. */
class DiagnosisTest {

    private static final ProbeAim AIM = aim(EncryptionPolicy.REQUIRED);
    private static final ProbeAim STRANGER = new ProbeAim("vpn.example.net", 1723, false, AuthMethod.ofPasswords(),
            EncryptionPolicy.OFF);
    private static final AddressPlan PLAN = new AddressPlan(Ipv4Address.parse("192.168.10.100"),
            Ipv4Address.parse("192.168.10.1"), List.of(Ipv4Address.parse("192.0.2.53")), List.of());

    private static final List<Fact> TO_TCP = List.of(new Fact.Resolved(Ipv4Address.parse("198.51.100.1")),
            new Fact.TcpConnected());
    private static final List<Fact> TO_CALL = and(TO_TCP, new Fact.ControlStarted("\"vpn\"", "\"linux\""),
            new Fact.CallUp());
    private static final List<Fact> TO_GRE = and(TO_CALL, new Fact.GreArrived(), new Fact.Demanded("mschapv2"),
            new Fact.GreAnswered());
    private static final List<Fact> TO_LCP = and(TO_GRE, new Fact.LcpOpened(1400));
    private static final List<Fact> TO_LOGIN = and(TO_LCP, new Fact.LoggedIn(AuthMethod.MSCHAPV2));
    private static final List<Fact> TO_ADDRESSES = and(TO_LOGIN, new Fact.Encrypted(new MppeParameters(128, true)),
            new Fact.Addressed(PLAN));
    private static final List<Fact> TO_ECHO = and(TO_ADDRESSES, new Fact.Pinged(new Fact.Answers(3, 3, 12_000)),
            new Fact.Echoed(new Fact.Answers(5, 5, 11_500)));
    private static final List<Fact> ALL = and(TO_ECHO, new Fact.PathMeasured(1444, 1444), new Fact.Done(),
            ended(null, TerminationReason.USER_REQUEST, "User request"));

    private static ProbeAim aim(EncryptionPolicy policy) {
        return new ProbeAim("vpn.example.net", 1723, true, List.of(AuthMethod.MSCHAPV2), policy);
    }

    private static List<Fact> and(List<Fact> facts, Fact... more) {
        return Stream.concat(facts.stream(), Arrays.stream(more)).toList();
    }

    private static Fact ended(LoginStep missing, TerminationReason reason, String detail) {
        return new Fact.Ended(
                new SessionEnd(Optional.ofNullable(missing), Optional.of(reason), Optional.empty(), detail));
    }

    private static Fact ended(LoginStep missing, String detail) {
        return new Fact.Ended(new SessionEnd(Optional.ofNullable(missing), Optional.empty(), Optional.empty(), detail));
    }

    private static Report report(ProbeAim aim, List<Fact> facts) {
        Facts seen = Facts.NONE;
        for (int i = 0; i < facts.size(); i++) {
            seen = seen.and(10L * i, facts.get(i));
        }
        return Diagnosis.of(aim, seen);
    }

    private static void assertFailure(Report report, Phase phase, WindowsError windows, String meaning) {
        PhaseResult failure = report.failure().orElseThrow();
        assertThat(failure.phase()).isEqualTo(phase);
        assertThat(report.exitStatus()).isEqualTo(phase.exitStatus());
        assertThat(failure.found()).isNotEmpty();
        Advice advice = failure.advice().orElseThrow();
        assertThat(advice.windows()).contains(windows);
        assertThat(advice.meaning()).contains(meaning);
        assertThat(advice.checks()).isNotEmpty();
        assertThat(report.results().subList(phase.ordinal() + 1, report.results().size()))
                .allMatch(result -> result.status() == Status.NOT_REACHED);
    }

    @Test
    void everythingWorks() {
        Report report = report(AIM, ALL);
        assertThat(report.results()).allMatch(result -> result.status() == Status.OK).hasSize(Phase.values().length);
        assertThat(report.exitStatus()).isZero();
        assertThat(report.of(Phase.CONTROL).found()).contains("\"linux\"");
        assertThat(report.of(Phase.CALL).millis()).hasValue(10);
        assertThat(report.of(Phase.LCP).found()).contains("1400").contains("mschapv2");
        assertThat(report.of(Phase.ADDRESSES).found()).contains("192.168.10.100", "192.0.2.53");
        assertThat(report.of(Phase.ECHO).found()).contains("5 of 5", "11.5 ms");
    }

    @Test
    void whatHasNotHappenedYetIsPending() {
        Report report = report(AIM, TO_CALL);
        assertThat(report.of(Phase.CALL).status()).isEqualTo(Status.OK);
        assertThat(report.results().subList(Phase.GRE_OUT.ordinal(), Phase.AUTHENTICATION.ordinal()))
                .allMatch(result -> result.status() == Status.PENDING);
        assertThat(report.failure()).isEmpty();
    }

    @Test
    void noPhaseIsDecidedBeforeItsTime() {
        for (int known = 0; known <= ALL.size(); known++) {
            Report report = report(AIM, ALL.subList(0, known));
            assertThat(report.failure()).as("failure after %s facts", known).isEmpty();
            Report inClear = report(aim(EncryptionPolicy.OFF), ALL.subList(0, known));
            assertThat(inClear.failure()).isEmpty();
        }
    }

    @Test
    void aNameThatDoesNotResolveFailsAsName() {
        assertFailure(report(AIM, List.of(new Fact.NotResolved("unknown host"))), Phase.NAME,
                WindowsError.NAME_NOT_RESOLVED, "IPv4");
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void aServerThatCannotBeReachedFailsAsTcp(Trouble trouble) {
        assertFailure(report(AIM, and(TO_TCP.subList(0, 1), new Fact.TcpFailed(trouble, "some reason"))), Phase.TCP,
                WindowsError.UNREACHABLE, switch (trouble) {
                    case REFUSED -> "nothing listens";
                    case TIMED_OUT -> "Nothing comes back";
                    case NO_ROUTE -> "no way to the server";
                    case OTHER -> "could not be opened";
                });
    }

    @Test
    void anotherProgramOnThePortFailsAsStartControl() {
        assertFailure(report(AIM, and(TO_TCP, ended(LoginStep.CONTROL, "the server sent a malformed control message"))),
                Phase.CONTROL, WindowsError.NO_CONNECTION, "does not open a PPTP control connection");
    }

    @Test
    void aRefusedCallFailsAsCall() {
        assertFailure(
                report(AIM,
                        and(TO_CALL.subList(0, 3),
                                ended(LoginStep.CALL, "the server refused the call with result 4: busy"))),
                Phase.CALL, WindowsError.NO_CONNECTION, "refuses the call");
    }

    @Test
    void greThatIsNeverReactedToFailsAsGreOut() {
        assertFailure(
                report(AIM,
                        and(TO_CALL, new Fact.GreArrived(), new Fact.Demanded("mschapv2"),
                                ended(LoginStep.LCP, TerminationReason.NEGOTIATION_FAILED, "LCP found no agreement"))),
                Phase.GRE_OUT, WindowsError.NO_CONNECTION, "does not get to it");
    }

    @ParameterizedTest
    @CsvSource({Errno.EPERM + ",NO_CONNECTION,does not even leave", Errno.ENOPROTOOPT + ",NO_RESPONSE,turned back",
            Errno.EHOSTUNREACH + ",NO_RESPONSE,turned back"})
    void greThatIsRefusedFailsAsGreOut(int errno, WindowsError windows, String meaning) {
        assertFailure(
                report(AIM,
                        and(TO_CALL, new Fact.GreRefused(errno),
                                ended(LoginStep.LCP, TerminationReason.NO_ANSWER, "nothing arrived"))),
                Phase.GRE_OUT, windows, meaning);
    }

    @Test
    void anErrorThatDidNoHarmIsForgotten() {
        assertThat(report(AIM, and(ALL, new Fact.GreRefused(Errno.EHOSTUNREACH))).failure()).isEmpty();
    }

    @Test
    void silenceFailsAsGreBackAndLeavesTheWayOutOpen() {
        Report report = report(AIM,
                and(TO_CALL, ended(LoginStep.LCP, TerminationReason.NO_ANSWER, "nothing arrived through the tunnel")));
        assertFailure(report, Phase.GRE_BACK, WindowsError.GRE_BLOCKED, "at least the way back is blocked");
        assertThat(report.of(Phase.GRE_OUT).status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void endlessNegotiationFailsAsLcp() {
        assertFailure(
                report(AIM,
                        and(TO_GRE,
                                ended(LoginStep.LCP, TerminationReason.NEGOTIATION_FAILED, "LCP found no agreement"))),
                Phase.LCP, WindowsError.LCP_TERMINATED, "did not agree on how to talk");
    }

    @Test
    void aLoopFailsAsLcp() {
        assertFailure(report(AIM, and(TO_GRE, ended(LoginStep.LCP, TerminationReason.LOOPBACK, "looped"))), Phase.LCP,
                WindowsError.LOOPBACK, "comes back");
    }

    @Test
    void noCommonMethodFailsAsLcpAndNamesBothSides() {
        List<Fact> facts = and(TO_CALL, new Fact.GreArrived(), new Fact.GreAnswered(), new Fact.Demanded("pap"),
                new Fact.Demanded("eap"), ended(LoginStep.LCP, TerminationReason.PEER_REQUEST, "the peer closed"));
        assertFailure(report(AIM, facts), Phase.LCP, WindowsError.LCP_TERMINATED, "demands pap, eap");
    }

    @ParameterizedTest
    @CsvSource({"BAD_CREDENTIALS,BAD_CREDENTIALS", "DISABLED,ACCOUNT_DISABLED", "EXPIRED,PASSWORD_EXPIRED",
            "REFUSED,NOT_PERMITTED", "SERVER_NOT_VERIFIED,SERVER_NOT_VERIFIED", "TIMEOUT,PPP_TIMEOUT"})
    void aRefusedLoginFailsAsAuthentication(LoginFailure failure, WindowsError windows) {
        Fact end = new Fact.Ended(new SessionEnd(Optional.of(LoginStep.AUTHENTICATION),
                Optional.of(TerminationReason.AUTHENTICATION_FAILED), Optional.of(failure),
                "the server refused the login"));
        assertFailure(report(AIM, and(TO_LCP, end)), Phase.AUTHENTICATION, windows, "");
    }

    @Test
    void aServerThatHangsUpDuringTheLoginFailsAsAuthentication() {
        assertFailure(report(AIM, and(TO_LCP, ended(LoginStep.AUTHENTICATION, "the server closed the TCP connection"))),
                Phase.AUTHENTICATION, WindowsError.TERMINATED, "hung up in the middle of the login");
    }

    @Test
    void aServerWithoutEncryptionFailsAsMppeWhereItIsRequired() {
        assertFailure(
                report(AIM,
                        and(TO_LOGIN,
                                ended(LoginStep.ENCRYPTION, TerminationReason.ENCRYPTION_REFUSED,
                                        "the peer has encryption switched off"))),
                Phase.ENCRYPTION, WindowsError.NO_REMOTE_ENCRYPTION, "did not agree on MPPE");
    }

    @Test
    void aLoginWithoutKeysFailsAsMppe() {
        ProbeAim anyMethod = new ProbeAim("vpn", 1723, true, AuthMethod.ofPasswords(), EncryptionPolicy.REQUIRED);
        assertFailure(
                report(anyMethod,
                        and(TO_LCP, new Fact.LoggedIn(AuthMethod.CHAP_MD5),
                                ended(LoginStep.ENCRYPTION, TerminationReason.ENCRYPTION_REFUSED,
                                        "this login yields no keys"))),
                Phase.ENCRYPTION, WindowsError.NO_REMOTE_ENCRYPTION, "chap-md5 yields no keys");
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "PREFERRED"})
    void aServerThatInsistsOnEncryptionFailsAsMppe(EncryptionPolicy policy) {
        assertFailure(
                report(aim(policy),
                        and(TO_LOGIN,
                                ended(LoginStep.ENCRYPTION, TerminationReason.PEER_REQUEST,
                                        "the peer closed the link: MPPE encryption is required"))),
                Phase.ENCRYPTION, WindowsError.NO_LOCAL_ENCRYPTION, "requires encryption");
    }

    @Test
    void aTunnelInClearIsAWarningWhereEncryptionIsPreferred() {
        Report report = report(aim(EncryptionPolicy.PREFERRED), and(TO_LOGIN, new Fact.Addressed(PLAN)));
        assertThat(report.of(Phase.ENCRYPTION).status()).isEqualTo(Status.WARNING);
        assertThat(report.exitStatus()).isZero();
    }

    @Test
    void aServerWithoutAddressesFailsAsAddresses() {
        assertFailure(
                report(AIM,
                        and(TO_LOGIN, new Fact.Encrypted(new MppeParameters(128, true)),
                                ended(LoginStep.ADDRESSES, TerminationReason.NEGOTIATION_FAILED,
                                        "the peer gives this end no address"))),
                Phase.ADDRESSES, WindowsError.NO_PROTOCOL, "gives no address");
    }

    @Test
    void pingsThatAreNotAnsweredAreAWarning() {
        Report report = report(AIM, and(TO_ADDRESSES, new Fact.Pinged(new Fact.Answers(3, 0, 0))));
        assertThat(report.of(Phase.TRAFFIC).status()).isEqualTo(Status.WARNING);
        assertThat(report.of(Phase.TRAFFIC).advice().orElseThrow().meaning()).contains("keys");
    }

    @Test
    void echoesThatAreNotAnsweredFailAsEcho() {
        Report report = report(AIM, and(TO_ADDRESSES, new Fact.Pinged(new Fact.Answers(3, 3, 1)),
                new Fact.Echoed(new Fact.Answers(5, 0, 0)), new Fact.Done()));
        assertThat(report.failure().orElseThrow().phase()).isEqualTo(Phase.ECHO);
        assertThat(report.exitStatus()).isEqualTo(Phase.ECHO.exitStatus());
    }

    @Test
    void lostEchoesAreAWarning() {
        Report report = report(AIM, and(TO_ADDRESSES, new Fact.Pinged(new Fact.Answers(3, 3, 1)),
                new Fact.Echoed(new Fact.Answers(5, 4, 9_000))));
        assertThat(report.of(Phase.ECHO).status()).isEqualTo(Status.WARNING);
    }

    @Test
    void aSmallPathMtuIsAWarningThatSaysWhatToSet() {
        Report report = report(AIM, and(TO_ECHO, new Fact.PathMeasured(1300, 1444)));
        PhaseResult result = report.of(Phase.PATH_MTU);
        assertThat(result.status()).isEqualTo(Status.WARNING);
        assertThat(result.advice().orElseThrow().checks().getFirst()).contains("1256");
    }

    @Test
    void aPathOnWhichNothingPassesUnfragmentedFails() {
        Report report = report(AIM, and(TO_ECHO, new Fact.PathMeasured(0, 1444), new Fact.Done()));
        assertThat(report.exitStatus()).isEqualTo(Phase.PATH_MTU.exitStatus());
    }

    @Test
    void aConnectionLostInTheMiddleFailsWhereItWas() {
        assertFailure(
                report(AIM,
                        and(TO_ADDRESSES, new Fact.Pinged(new Fact.Answers(3, 3, 1)),
                                ended(null, TerminationReason.PEER_REQUEST, "the peer closed the link"))),
                Phase.ECHO, WindowsError.DISCONNECTED, "was up and ended");
    }

    @Test
    void aStrangerIsToldWhatNeedsAUser() {
        Report report = report(STRANGER, and(TO_LCP, new Fact.Done()));
        assertThat(report.exitStatus()).isZero();
        assertThat(report.of(Phase.LCP).status()).isEqualTo(Status.OK);
        assertThat(report.results().subList(Phase.AUTHENTICATION.ordinal(), Phase.values().length))
                .allMatch(result -> result.status() == Status.SKIPPED);
    }

    @Test
    void aServerThatDemandsNoLoginIsAWarning() {
        List<Fact> facts = and(TO_CALL, new Fact.GreArrived(), new Fact.GreAnswered(), new Fact.LcpOpened(1400),
                new Fact.Addressed(PLAN));
        assertThat(report(aim(EncryptionPolicy.OFF), facts).of(Phase.AUTHENTICATION).status())
                .isEqualTo(Status.WARNING);
    }

    @Test
    void everyPhaseHasAnExitStatusOfItsOwn() {
        assertThat(Arrays.stream(Phase.values()).mapToInt(Phase::exitStatus)).doesNotHaveDuplicates()
                .allMatch(status -> status > 2 && status < 128);
    }
}
