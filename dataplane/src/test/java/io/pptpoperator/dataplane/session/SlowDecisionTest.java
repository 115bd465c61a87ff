package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.control.StopControlConnectionRequest;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins about which somebody decides who takes his time, and what happens meanwhile. */
class SlowDecisionTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address OFFICE = Ipv4Address.parse("203.0.113.8");
    private static final String NO_RETRY = "authentication: {retries: 0, timeout: 2m}\n";
    private static final String ONLY_BOB = "users:\n  - {username: bob, password: secret-b}\n";

    private final SlowAuthority authority = new SlowAuthority();
    private final World world = worldOf(NO_RETRY);
    private final Dialer alice = Dialer.alice();

    private World worldOf(String sections) {
        return new World(World.NETWORK + sections, World.USERS, authority::insteadOf);
    }

    /** Lets this client dial and waits until somebody is asked about it. */
    private Line ask(World at, Ipv4Address from, Dialer dialer) {
        int before = authority.asked;
        Line line = at.connect(from, dialer);
        at.runUntil("the login is to be decided", () -> authority.asked > before);
        return line;
    }

    private Line askAboutAlice() {
        return ask(world, HOME, alice);
    }

    private void assertNothingIsLeft(World at) {
        assertThat(at.sessions.count()).isZero();
        assertThat(at.sessions.pending()).isZero();
        assertThat(at.sessions.leases().used()).isZero();
        assertThat(at.datapath.tunnels()).isEmpty();
    }

    @Test
    void aLateAnswerLetsTheClientInAndItIsAskedForOnceHoweverOftenTheClientRepeatsItself() {
        Line line = askAboutAlice();
        LoginRequest request = authority.requests().getFirst();
        assertThat(request.peer()).isEqualTo(HOME);
        assertThat(request.local()).isEqualTo(World.SERVER);
        assertThat(request.session()).isEqualTo(line.session().id());
        assertThat(request.question().name()).isEqualTo("alice");
        world.run(Duration.ofSeconds(20));
        assertThat(authority.asked).isEqualTo(1);
        assertThat(line.session().username()).isEmpty();
        assertThat(world.sessions.leases().used()).isZero();

        authority.answer();
        world.runUntil("Alice is connected", () -> alice.isUp() && line.session().isConnected());
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.record.failedLogins).isEmpty();
    }

    @Test
    void aDecisionMayTakeLongerThanTheLinkIsPatientWithItsPeer() {
        World patient = worldOf("authentication: {timeout: 10m}\nkeepalive: {interval: 5s, failures: 2}\n");
        Dialer waiting = Dialer.of("alice", "secret-a").patient().build();
        Line line = ask(patient, HOME, waiting);
        patient.run(Duration.ofMinutes(5));
        assertThat(line.session().isOpen()).as("kept alive by LCP's echoes").isTrue();
        authority.answer();
        patient.runUntil("Alice is connected", () -> waiting.isUp() && line.session().isConnected());
        LoginTest.assertPingsPass(patient, waiting);
    }

    @Test
    void anUnknownUserLooksLikeAWrongPassword() {
        assertThat(course("mallory", "secret-a")).isEqualTo(course("alice", "secret-b"));
    }

    /** All that the client hears, and when, but for the random numbers in it. */
    private List<String> course(String name, String password) {
        World fresh = worldOf(NO_RETRY);
        Dialer dialer = Dialer.of(name, password).build();
        ask(fresh, HOME, dialer);
        fresh.run(Duration.ofSeconds(10));
        authority.answer();
        fresh.run(Duration.ofSeconds(5));
        assertThat(dialer.loginFailure).contains(LoginFailure.BAD_CREDENTIALS);
        assertNothingIsLeft(fresh);
        return List.of(dialer.end.orElseThrow().toString(), dialer.messages.size() + " messages",
                dialer.received.stream().map(frame -> frame.length).toList().toString(),
                fresh.record.ends.getFirst().millis() + " ms");
    }

    @Test
    void theClientHangsUpBeforeTheAnswerComes() {
        askAboutAlice();
        alice.terminate();
        assertEndsWithoutTheAnswer(TerminationReason.PEER_REQUEST);
    }

    @Test
    void theClientStopsTheControlConnectionBeforeTheAnswerComes() {
        askAboutAlice();
        alice.sendControl(new StopControlConnectionRequest(StopControlConnectionRequest.NONE));
        assertEndsWithoutTheAnswer(TerminationReason.PEER_REQUEST);
    }

    @Test
    void theTcpConnectionBreaksBeforeTheAnswerComes() {
        askAboutAlice();
        alice.hangUp();
        assertEndsWithoutTheAnswer(TerminationReason.TUNNEL_DOWN);
    }

    @Test
    void anAdministratorEndsTheLoginBeforeTheAnswerComes() {
        Line line = askAboutAlice();
        assertThat(world.sessions.end(line.session().id(), "by hand", world.now())).isTrue();
        assertEndsWithoutTheAnswer(TerminationReason.ADMIN);
    }

    private void assertEndsWithoutTheAnswer(TerminationReason reason) {
        world.runUntil("the session is over", () -> !world.record.ends.isEmpty());
        authority.answer();
        world.run(Duration.ofSeconds(10));
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason).containsExactly(reason);
        assertThat(world.record.connected).isEmpty();
        assertNothingIsLeft(world);
    }

    @Test
    void anAnswerThatComesWhileTheLinkIsEndingHasNoEffect() {
        Line line = askAboutAlice();
        alice.dies();
        world.sessions.end(line.session().id(), "by hand", world.now());
        authority.answer();
        assertThat(world.sessions.leases().used()).isZero();
        world.run(Duration.ofSeconds(10));
        assertNothingIsLeft(world);
    }

    @Test
    void theTimeForTheLoginEndsItAndTheLogSaysWhoWasWaitedFor() {
        World brief = worldOf("authentication: {timeout: 10s}\n");
        ask(brief, HOME, alice);
        brief.runUntil("the session is over", () -> !brief.record.ends.isEmpty());
        assertThat(brief.now()).isBetween(10_000L, 11_000L);
        RecordedEvents.End end = brief.record.ends.getFirst();
        assertThat(end.reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(end.detail()).isEqualTo("nobody decided about the login within authentication.timeout");
        assertThat(brief.record.failedLogins).singleElement().satisfies(failed -> {
            assertThat(failed.username()).isEqualTo("alice");
            assertThat(failed.reason()).isEqualTo(LoginFailure.NO_DECISION);
        });
        assertThat(alice.loginFailure).as("her password may be right").isEmpty();
        authority.answer();
        brief.run(Duration.ofSeconds(10));
        assertNothingIsLeft(brief);
    }

    @Test
    void whereNobodyCanDecideTheLinkEndsAndNoTryIsCounted() {
        authority.otherwise = verdict -> new Verdict.Rejected(LoginFailure.NO_DECISION);
        for (int i = 0; i < 2 * LoginBackoff.PAIR_BURST; i++) {
            Dialer again = Dialer.alice();
            ask(world, HOME, again);
            authority.answer();
            world.run(Duration.ofSeconds(5));
            assertThat(again.loginFailure).isEmpty();
        }
        assertThat(world.record.failedLogins).extracting(RecordedEvents.FailedLogin::reason)
                .containsOnly(LoginFailure.NO_DECISION);
        authority.otherwise = verdict -> verdict;
        askAboutAlice();
        authority.answer();
        world.runUntil("Alice is connected", alice::isUp);
    }

    @Test
    void tooManyWrongPasswordsAreNotEvenAskedAbout() {
        for (int i = 0; i < LoginBackoff.PAIR_BURST; i++) {
            ask(world, HOME, Dialer.of("alice", "guess").build());
            authority.answer();
            world.run(Duration.ofSeconds(5));
        }
        int asked = authority.asked;
        world.connect(HOME, alice);
        world.runUntil("Alice is refused", () -> alice.loginFailure.isPresent());
        assertThat(authority.asked).isEqualTo(asked);
        assertThat(world.record.failedLogins).last()
                .extracting(RecordedEvents.FailedLogin::reason)
                .isEqualTo(LoginFailure.TOO_MANY_FAILURES);
    }

    /** Whether she is there no more when the question is looked at, or was when it was and is not when the answer comes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aUserWhoIsRemovedMeanwhileDoesNotGetIn(boolean decidedBefore) {
        askAboutAlice();
        Runnable verdict = decidedBefore ? authority.verdictOfNow() : authority::answer;
        world.configure(World.NETWORK + NO_RETRY, ONLY_BOB);
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).as("nobody knows yet who it is").isEmpty();
        verdict.run();
        world.run(Duration.ofSeconds(5));
        assertThat(world.record.failedLogins).extracting(RecordedEvents.FailedLogin::reason)
                .containsExactly(decidedBefore ? LoginFailure.REFUSED : LoginFailure.BAD_CREDENTIALS);
        assertThat(world.record.connected).isEmpty();
        assertNothingIsLeft(world);
    }

    @Test
    void aChangedPoolCountsForAnAnswerThatComesAfterIt() {
        Line line = askAboutAlice();
        world.configure("localIP: 192.168.10.1\npools: [192.168.20.0/24]\n" + NO_RETRY, World.USERS);
        authority.answer();
        world.runUntil("Alice is connected", () -> alice.isUp() && line.session().isConnected());
        assertThat(alice.address().toString()).startsWith("192.168.20.");
    }

    @Test
    void aServerThatDrainsLetsTheLoginGoThroughAndItsEndEndsIt() {
        Line line = askAboutAlice();
        Dialer bob = Dialer.bob();
        ask(world, OFFICE, bob);
        Runnable both = authority.verdictOfNow();
        world.sessions.drain();
        world.run(Duration.ofSeconds(1));
        both.run();
        world.runUntil("Alice is connected", () -> alice.isUp() && line.session().isConnected());
        world.sessions.endAll(TerminationReason.SHUTDOWN, "the server is going down", world.now());
        world.run(Duration.ofSeconds(10));
        assertThat(world.sessions.drained()).isDone();
        assertNothingIsLeft(world);
    }

    @Test
    void theEndOfTheServerEndsALoginThatIsNotDecided() {
        askAboutAlice();
        world.sessions.drain();
        world.sessions.endAll(TerminationReason.SHUTDOWN, "the server is going down", world.now());
        world.run(Duration.ofSeconds(10));
        assertThat(world.sessions.drained()).isDone();
        authority.answer();
        assertNothingIsLeft(world);
    }

    @Test
    void onlyAProvenLoginReplacesTheUsersOtherSession() {
        askAboutAlice();
        authority.answer();
        world.runUntil("Alice is connected", alice::isUp);
        Dialer second = Dialer.alice();
        Line line = ask(world, OFFICE, second);
        world.run(Duration.ofSeconds(10));
        LoginTest.assertPingsPass(world, alice);
        authority.answer();
        world.runUntil("the second is connected", () -> second.isUp() && line.session().isConnected());
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.REPLACED);
    }

    @Test
    void aVerdictThatIsToldTwiceCountsOnce() {
        Line line = askAboutAlice();
        Runnable verdict = authority.verdictOfNow();
        verdict.run();
        verdict.run();
        world.runUntil("Alice is connected", () -> alice.isUp() && line.session().isConnected());
        verdict.run();
        assertThat(world.sessions.leases().used()).isEqualTo(1);
        LoginTest.assertPingsPass(world, alice);
    }

    private void granting(Terms terms) {
        authority.otherwise = verdict -> switch (verdict) {
            case Verdict.Proven proven -> new Verdict.Proven(proven.username(), proven.proof(), terms, authority);
            case Verdict.Rejected rejected -> rejected;
            case Verdict.Continued continued -> continued;
        };
    }

    @Test
    void theSessionGetsWhatTheAnswerGrants() {
        Ipv4Address address = Ipv4Address.parse("192.168.10.177");
        Ipv4Address dns = Ipv4Address.parse("10.9.9.9");
        Ipv4Address wins = Ipv4Address.parse("10.9.9.10");
        RateLimit rate = new RateLimit(1_000_000, 5_000_000, 0, 0);
        OctetLimit octets = new OctetLimit(0, 0, 5_000_000_000L, 0);
        Terms terms = new Terms(new Terms.AddressWish.Only(address), Optional.empty(),
                List.of(Ipv4Prefix.parse("10.50.0.0/16")), Optional.of(List.of(dns)), Optional.of(List.of(wins)),
                OptionalInt.of(1234),
                new Terms.Limits(OptionalInt.of(1), Optional.of(Duration.ofMinutes(3)),
                        Optional.of(Duration.ofMinutes(7)), Optional.of(rate), Optional.of(octets)),
                EncryptionDemand.NONE, Optional.of("gold"),
                new Terms.Accounting(Optional.of(Duration.ofMinutes(5)), List.of()));
        granting(terms);
        world.configure(World.NETWORK, World.USERS, """
                profiles:
                - name: gold
                  dns: [10.8.8.8]
                  wins: [10.8.8.9]
                  sessionPolicy: {perUser: 9, idleTimeout: 1m, maxDuration: 1m}
                """);
        Line line = askAboutAlice();
        authority.answer();
        world.runUntil("Alice is connected", () -> alice.isUp() && line.session().isConnected());
        assertThat(alice.address()).isEqualTo(address);
        assertThat(alice.network.orElseThrow().dns()).containsExactly(dns);
        assertThat(alice.network.orElseThrow().wins()).containsExactly(wins);
        assertThat(line.session().terms()).isEqualTo(terms);
        assertThat(line.session().mtu()).isEqualTo(1234);
        assertThat(world.datapath.tunnelOf(Ipv4Address.parse("10.50.1.1"))).isEqualTo(world.datapath.tunnelOf(address))
                .isPresent();

        Dialer other = Dialer.bob();
        ask(world, OFFICE, other);
        authority.answer();
        world.run(Duration.ofSeconds(5));
        assertThat(world.record.failedLogins).as("the address is Alice's")
                .extracting(RecordedEvents.FailedLogin::reason)
                .containsExactly(LoginFailure.NO_ADDRESS);

        long connected = line.session().connectedAt();
        world.runUntil("Alice was idle for too long", () -> world.record.ends.size() == 2);
        assertThat(world.now() - connected).isBetween(180_000L, 182_000L);
        assertThat(world.record.ends.getLast().reason()).isEqualTo(TerminationReason.IDLE_TIMEOUT);
    }

    @Test
    void theLongestTimeOfTheAnswerCountsInsteadOfTheServers() {
        granting(Terms.USUAL.with(new Terms.Limits(OptionalInt.empty(), Optional.empty(),
                Optional.of(Duration.ofMinutes(2)), Optional.empty(), Optional.empty())));
        askAboutAlice();
        authority.answer();
        world.runUntil("the time is over", () -> !world.record.ends.isEmpty());
        assertThat(world.record.ends.getFirst().reason()).isEqualTo(TerminationReason.SESSION_TIMEOUT);
        assertThat(world.record.ends.getFirst().millis()).isBetween(120_000L, 122_000L);
    }

    @Test
    void encryptionThatTheAnswerDemandsIsDemandedThoughTheServerOnlyPrefersIt() {
        World lax = worldOf("encryption: {policy: Preferred}\n");
        EncryptionDemand demand = new EncryptionDemand(true, Set.of());
        granting(Terms.USUAL.with(demand));
        Dialer clear = Dialer.of("alice", "secret-a").with(EncryptionSettings.NONE).build();
        ask(lax, HOME, clear);
        authority.answer();
        lax.runUntil("the session is over", () -> !lax.record.ends.isEmpty());
        assertThat(lax.record.ends.getFirst().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(lax.record.connected).isEmpty();

        Dialer strong = Dialer.of("bob", "secret-b")
                .with(new EncryptionSettings(EncryptionPolicy.PREFERRED, Set.of(128), false))
                .build();
        Line line = ask(lax, OFFICE, strong);
        authority.answer();
        lax.runUntil("Bob is connected", () -> strong.isUp() && line.session().isConnected());
        assertThat(line.session().encryption()).isPresent();
    }

    @Test
    void keyLengthsThatTheAnswerDoesNotAllowLeaveNothingWhereEncryptionIsRequired() {
        granting(Terms.USUAL.with(new EncryptionDemand(false, Set.of(40))));
        askAboutAlice();
        authority.answer();
        world.runUntil("the session is over", () -> !world.record.ends.isEmpty());
        assertThat(world.record.ends.getFirst().reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(world.sessions.leases().used()).isZero();
    }
}
