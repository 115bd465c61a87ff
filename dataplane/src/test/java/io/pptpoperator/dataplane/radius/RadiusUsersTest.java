package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.session.LocalUsers;
import io.pptpoperator.dataplane.session.LoginRequest;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.dataplane.session.Users;
import io.pptpoperator.dataplane.session.Verdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.auth.LoginEvidence;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusPacket;
import io.pptpoperator.protocol.rate.RateLimit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a login that a RADIUS server is asked about. */
class RadiusUsersTest {
    private static final Ipv4Address PEER = Ipv4Address.parse("203.0.113.9");
    private static final Ipv4Address LOCAL = Ipv4Address.parse("192.0.2.1");
    private static final byte[] PROOF = "\7S=0123456789ABCDEF0123456789ABCDEF01234567 M=hello"
            .getBytes(StandardCharsets.US_ASCII);
    private static final Ipv4Prefix OF_THE_HOST = Ipv4Prefix.parse("10.1.0.0/16");

    private final ScriptedServers servers = new ScriptedServers();
    private final List<String> notes = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private long now = 10_000;
    private Set<String> profiles = Set.of("gold");
    private final RadiusUsers users = new RadiusUsers(servers, () -> new NasIdentity("vpn/office/0", LOCAL),
            new GrantedTerms(it -> it.overlaps(OF_THE_HOST) ? Optional.of("overlaps the host's") : Optional.empty(),
                    () -> profiles),
            new RadiusNotes() {
                @Override
                public void undecided(Ipv4Address peer, String why) {
                    notes.add(why);
                }

                @Override
                public void ignored(RadiusServer server, List<String> names) {
                    notes.addAll(names);
                }

                @Override
                public void unusable(RadiusServer server, String sentence) {
                    notes.add(sentence);
                }
            }, () -> now);

    private static LoginRequest request(String name, LoginEvidence evidence) {
        return new LoginRequest("0badcafe-17", PEER, LOCAL, new LoginQuestion(name, evidence, false));
    }

    private static LoginRequest msChapV2(String name) {
        return request(name, new LoginEvidence.Chap(AuthMethod.MSCHAPV2, 7, new byte[16], new byte[49],
                name.getBytes(StandardCharsets.UTF_8)));
    }

    private static LoginRequest pap(String name, String password) {
        return request(name, new LoginEvidence.Pap(password.getBytes(StandardCharsets.UTF_8)));
    }

    private Verdict decide(LoginRequest request) {
        users.decide(request, verdicts::add);
        servers.answer();
        return verdicts.removeLast();
    }

    private void accept(RadiusAttribute... attributes) {
        servers.behaviour = request -> Optional
                .of(ScriptedServers.reply(request, RadiusCode.ACCESS_ACCEPT, attributes));
    }

    private void reject(RadiusAttribute... attributes) {
        servers.behaviour = request -> Optional
                .of(ScriptedServers.reply(request, RadiusCode.ACCESS_REJECT, attributes));
    }

    private static RadiusAttribute proof() {
        return RadiusAttribute.of(AttributeType.MS_CHAP2_SUCCESS, PROOF);
    }

    @Test
    void theServerIsToldWhoAsksAndAboutWhichCall() {
        decide(msChapV2("CORP\\alice"));
        RadiusPacket asked = servers.requests.getFirst();
        assertThat(asked.text(AttributeType.USER_NAME)).as("as typed").contains("CORP\\alice");
        assertThat(asked.text(AttributeType.NAS_IDENTIFIER)).contains("vpn/office/0");
        assertThat(asked.number(AttributeType.NAS_PORT)).hasValue(17);
        assertThat(asked.text(AttributeType.ACCT_SESSION_ID)).contains("0badcafe-17");
        assertThat(asked.text(AttributeType.CALLING_STATION_ID)).contains("203.0.113.9");
        assertThat(asked.text(AttributeType.CALLED_STATION_ID)).contains("192.0.2.1");
    }

    @Test
    void aNameIsSentToTheByte() {
        byte[] latin = "J\u00fcrgen".getBytes(StandardCharsets.ISO_8859_1);
        decide(request("J\u00fcrgen",
                new LoginEvidence.Chap(AuthMethod.MSCHAPV2, 7, new byte[16], new byte[49], latin)));
        assertThat(servers.requests.getFirst().first(AttributeType.USER_NAME))
                .contains(RadiusAttribute.of(AttributeType.USER_NAME, latin));
    }

    @Test
    void anAcceptLetsTheUserInOnTheServersTerms() {
        accept(proof(), RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.9.0.7")),
                RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 3600),
                RadiusAttribute.of(AttributeType.ACCT_INTERIM_INTERVAL, 5),
                RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "192.168.50.0/24 0.0.0.0 1"),
                RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "2M/10M"),
                RadiusAttribute.of(AttributeType.FILTER_ID, "gold"), RadiusAttribute.of(AttributeType.PORT_LIMIT, 2),
                RadiusAttribute.of(AttributeType.FRAMED_MTU, 1300), RadiusAttribute.of(AttributeType.CLASS, "c1"));
        assertThat(decide(msChapV2("alice"))).isInstanceOfSatisfying(Verdict.Proven.class, proven -> {
            assertThat(proven.username()).isEqualTo("alice");
            assertThat(proven.proof().message())
                    .isEqualTo("S=0123456789ABCDEF0123456789ABCDEF01234567 M=Login accepted");
            assertThat(proven.by()).isEqualTo(users);
            Terms terms = proven.terms();
            assertThat(terms.address()).isEqualTo(new Terms.AddressWish.Only(Ipv4Address.parse("10.9.0.7")));
            assertThat(terms.routes()).containsExactly(Ipv4Prefix.parse("192.168.50.0/24"));
            assertThat(terms.limits())
                    .isEqualTo(new Terms.Limits(OptionalInt.of(2), Optional.empty(), Optional.of(Duration.ofHours(1)),
                            Optional.of(new RateLimit(2_000_000, 10_000_000, 0, 0)), Optional.empty()));
            assertThat(terms.mtu()).hasValue(1300);
            assertThat(terms.profile()).contains("gold");
            assertThat(terms.accounting().interval()).as("no server may ask for more").contains(Duration.ofMinutes(1));
            assertThat(terms.accounting().classes()).hasSize(1);
        });
        assertThat(users.objection("alice", PEER, Instant.EPOCH)).isEmpty();
    }

    @Test
    void theServerMayNameTheUser() {
        accept(proof(), RadiusAttribute.of(AttributeType.USER_NAME, "alice@corp.example"));
        assertThat(decide(msChapV2("CORP\\Alice"))).extracting("username").isEqualTo("alice@corp.example");
        accept(proof(), RadiusAttribute.of(AttributeType.USER_NAME, "al\nice"));
        assertThat(decide(msChapV2("alice"))).as("nothing that a log could be cut by")
                .extracting("username")
                .isEqualTo("alice");
    }

    @Test
    void whatThisHostHasItselfIsLeftOut() {
        accept(proof(), RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.1.0.7")),
                RadiusAttribute.of(AttributeType.FRAMED_ROUTE, "10.1.2.0/24"));
        assertThat(decide(msChapV2("alice"))).isInstanceOfSatisfying(Verdict.Proven.class, proven -> {
            assertThat(proven.terms().address()).isEqualTo(new Terms.AddressWish.Any());
            assertThat(proven.terms().routes()).isEmpty();
        });
        assertThat(notes).containsExactlyInAnyOrder("Framed-Route 10.1.2.0/24 overlaps the host's: it is left out",
                "Framed-IP-Address 10.1.0.7 overlaps the host's: an address of the pools is given instead");
    }

    @Test
    void whatThereIsNotIsLeftOut() {
        profiles = Set.of();
        accept(proof(), RadiusAttribute.of(AttributeType.FILTER_ID, "silver"),
                RadiusAttribute.of(AttributeType.FRAMED_POOL, "office"));
        assertThat(decide(msChapV2("alice"))).isInstanceOfSatisfying(Verdict.Proven.class,
                proven -> assertThat(proven.terms().profile()).isEmpty());
        assertThat(notes).containsExactly("Framed-Pool office: there are no pools with names; it is left out",
                "Filter-Id silver: there are no profiles; it is left out");
    }

    /** Where there are profiles, a name that none has must not give its user all that the server gives. */
    @Test
    void aFilterIdNamesAProfileWhetherItIsThereOrNot() {
        for (String name : List.of("gold", "silver")) {
            accept(proof(), RadiusAttribute.of(AttributeType.FILTER_ID, name));
            assertThat(decide(msChapV2("alice"))).isInstanceOfSatisfying(Verdict.Proven.class,
                    proven -> assertThat(proven.terms().profile()).contains(name));
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void withoutTheServersProofNoClientOfMsChapV2IsLetIn() {
        accept();
        assertThat(decide(msChapV2("alice"))).isEqualTo(new Verdict.Rejected(LoginFailure.RADIUS_UNREACHABLE));
        assertThat(notes).singleElement().asString().contains("without MS-CHAP2-Success");
        assertThat(decide(pap("alice", "secret"))).isInstanceOf(Verdict.Proven.class);
    }

    @Test
    void keysThatTheSecretDoesNotHideDecideNothing() {
        accept(proof(), RadiusAttribute.of(AttributeType.MS_MPPE_SEND_KEY, new byte[34]));
        assertThat(decide(msChapV2("alice"))).isEqualTo(new Verdict.Rejected(LoginFailure.RADIUS_UNREACHABLE));
    }

    @Test
    void aRejectIsAWrongPasswordWhateverElseItSays() {
        reject(RadiusAttribute.of(AttributeType.MS_CHAP_ERROR, "\7E=691 R=1 C=00 V=3 M=no"),
                RadiusAttribute.of(AttributeType.REPLY_MESSAGE, "alice is in arrears"));
        assertThat(decide(msChapV2("alice"))).isEqualTo(new Verdict.Rejected(LoginFailure.RADIUS_REJECTED));
    }

    @ParameterizedTest
    @CsvSource({"647, Account disabled", "648, Account expired", "646, Login not allowed at this time",
            "649, Login not allowed"})
    void anotherNumberIsPassedOnAndStillCountsAsAGuess(int number, String words) {
        reject(RadiusAttribute.of(AttributeType.MS_CHAP_ERROR, "\7E=" + number + " R=0"));
        assertThat(decide(msChapV2("alice"))).isEqualTo(
                new Verdict.Rejected(LoginFailure.RADIUS_REJECTED, Optional.of(words), OptionalInt.of(number)));
    }

    @Test
    void silenceDecidesNothing() {
        assertThat(decide(msChapV2("alice"))).isEqualTo(new Verdict.Rejected(LoginFailure.RADIUS_UNREACHABLE));
        assertThat(notes).containsExactly("radius does not answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "al\nice", "al\u0000ice", "\u007f"})
    void nobodyIsAskedAboutWhatIsNoName(String name) {
        assertThat(decide(pap(name, "secret"))).isEqualTo(new Verdict.Rejected(LoginFailure.RADIUS_REJECTED));
        assertThat(servers.requests).isEmpty();
    }

    @Test
    void nobodyIsAskedAboutWhatDoesNotFitARequest() {
        decide(pap("a".repeat(254), "secret"));
        decide(pap("alice", "p".repeat(129)));
        decide(request("alice",
                new LoginEvidence.Chap(AuthMethod.MSCHAPV2, 7, new byte[16], new byte[48], new byte[]{'a'})));
        assertThat(servers.requests).isEmpty();
        decide(pap("a".repeat(253), "p".repeat(128)));
        assertThat(servers.requests).hasSize(1);
    }

    private UsersThenRadius both(Map<Long, Runnable> later) {
        UserConfig bob = UserConfig.withDefaults("bob", new Credentials.Password("secret-b"));
        var local = new LocalUsers(new Users(List.of(bob)), () -> Instant.EPOCH, new SecureRandom());
        return new UsersThenRadius(local, users, (millis, task) -> later.put(millis, task));
    }

    @Test
    void namesOfTheFileAreDecidedByTheFileAndOthersByTheServers() {
        var later = new TreeMap<Long, Runnable>();
        UsersThenRadius both = both(later);
        both.decide(pap("bob", "secret-b"), verdicts::add);
        assertThat(verdicts).singleElement().isInstanceOf(Verdict.Proven.class);
        assertThat(servers.requests).isEmpty();
        accept();
        both.decide(pap("alice", "secret-a"), verdicts::add);
        servers.answer();
        assertThat(verdicts.getLast()).isInstanceOfSatisfying(Verdict.Proven.class,
                proven -> assertThat(proven.by()).isEqualTo(users));
        assertThat(both.objection("alice", PEER, Instant.EPOCH)).isEmpty();
    }

    @Test
    void aWrongPasswordOfTheFileIsRefusedWhenAServerWouldRefuseIt() {
        var later = new TreeMap<Long, Runnable>();
        UsersThenRadius both = both(later);
        servers.behaviour = request -> {
            now += 1_234;
            return Optional.of(ScriptedServers.reply(request, RadiusCode.ACCESS_REJECT));
        };
        both.decide(pap("mallory", "guess"), verdicts::add);
        servers.answer();
        assertThat(verdicts).hasSize(1);
        both.decide(pap("bob", "guess"), verdicts::add);
        assertThat(verdicts).as("not yet").hasSize(1);
        assertThat(later.firstKey()).isEqualTo(1_234);
        later.firstEntry().getValue().run();
        assertThat(verdicts.getLast()).isEqualTo(new Verdict.Rejected(LoginFailure.BAD_CREDENTIALS));
        assertThat(servers.requests).as("it is nobody else's business").hasSize(1);
    }
}
