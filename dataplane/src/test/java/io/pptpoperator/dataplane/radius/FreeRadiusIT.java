package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.RadiusClient.Outcome;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChapV2;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.AccountingRecord;
import io.pptpoperator.protocol.radius.LoginReplies;
import io.pptpoperator.protocol.radius.LoginReply;
import io.pptpoperator.protocol.radius.NasAttributes;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins and accounting at FreeRADIUS: what it accepts, and that its keys are those of the peer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreeRadiusIT {
    private static final String USERS = """
            alice Cleartext-Password := "secret-a"
                Framed-IP-Address = 10.8.0.77,
                Session-Timeout = 3600,
                Filter-Id = "gold"
            """;
    static final NasAttributes NAS = new NasAttributes("lab", Ipv4Address.parse("127.0.0.1"), 42,
            Ipv4Address.parse("203.0.113.9"), Ipv4Address.parse("192.0.2.1"));
    private static final byte[] CHALLENGE = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
            SocketTransport.best().handlers());
    private final List<RadiusException> notBelieved = new ArrayList<>();
    private FreeRadius freeRadius;
    private FreeRadius unsigned;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path another) throws Exception {
        Requirement.programs("freeradius");
        freeRadius = FreeRadius.start(folder, freePort(), USERS, true);
        unsigned = FreeRadius.start(another, freePort(), USERS, false);
    }

    static int freePort() throws Exception {
        try (var socket = new DatagramSocket()) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }

    @AfterAll
    void end() {
        for (FreeRadius each : new FreeRadius[]{freeRadius, unsigned}) {
            if (each != null) {
                each.close();
            }
        }
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private RadiusClient client(FreeRadius at, Demand demand) {
        return new RadiusClient(group.next(), List.of(at.server(demand)), new RadiusClient.Patience(5_000, 3, 1_000),
                () -> System.nanoTime() / 1_000_000, new SecureRandom(), new Silent(notBelieved));
    }

    record Silent(List<RadiusException> notBelieved) implements RadiusObserver {
        @Override
        public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {}

        @Override
        public void silent(RadiusServer server, Purpose purpose, Fault fault) {}

        @Override
        public void probed(RadiusServer server, Optional<Fault> fault) {}

        @Override
        public void dead(RadiusServer server) {}

        @Override
        public void notBelieved(RadiusServer server, RadiusException why) {
            notBelieved.add(why);
        }

        @Override
        public void unexpected(RadiusServer server) {}
    }

    static Outcome await(RadiusClient client, Purpose purpose, RadiusClient.Request request,
            MultiThreadIoEventLoopGroup group) throws Exception {
        var outcome = new CompletableFuture<Outcome>();
        group.next().execute(() -> client.ask(purpose, 0, request, outcome::complete));
        return outcome.get(120, TimeUnit.SECONDS);
    }

    private LoginReply login(String user, AccessEvidence evidence) throws Exception {
        var answered = (Outcome.Answered) await(client(freeRadius, Demand.MESSAGE_AUTHENTICATOR), Purpose.LOGIN,
                (identifier, random, by) -> AccessRequests.login(identifier, random,
                        user.getBytes(StandardCharsets.UTF_8), evidence, NAS.attributes(), "s-1", by),
                group);
        return LoginReplies.read(answered.reply(), evidence, answered.server().authentication(),
                answered.request().authenticator());
    }

    private static byte[] join(byte[]... parts) {
        byte[] whole = new byte[0];
        for (byte[] part : parts) {
            int at = whole.length;
            whole = Arrays.copyOf(whole, at + part.length);
            System.arraycopy(part, 0, whole, at, part.length);
        }
        return whole;
    }

    static AccessEvidence.MsChapV2 v2(String user, String password) {
        byte[] peerChallenge = new byte[16];
        byte[] hash = MsChapV2.challengeHash(peerChallenge, CHALLENGE, user.getBytes(StandardCharsets.US_ASCII));
        byte[] response = MsChap.challengeResponse(hash, MsChap.ntPasswordHash(password));
        return new AccessEvidence.MsChapV2(1, CHALLENGE, join(peerChallenge, new byte[8], response, new byte[1]));
    }

    /** With the switch that the documentation names, a Windows domain in front of the name does no harm. */
    @ParameterizedTest
    @CsvSource({"alice", "CORP\\alice"})
    void msChapV2ComesWithItsProofAndTheKeysOfThePeer(String user) throws Exception {
        AccessEvidence.MsChapV2 evidence = v2("alice", "secret-a");

        LoginReply reply = login(user, evidence);

        byte[] ntResponse = Arrays.copyOfRange(evidence.response(), 24, 48);
        byte[] hashHash = MsChap.passwordHashHash(MsChap.ntPasswordHash("secret-a"));
        MppeStartKeys peers = StartKeyDerivation.msChapV2(hashHash, ntResponse, false);
        assertThat(reply).isInstanceOfSatisfying(LoginReply.Accepted.class, it -> {
            assertThat(it.success()).hasValue(MsChapV2.authenticatorResponse(hashHash, ntResponse,
                    MsChapV2.challengeHash(new byte[16], CHALLENGE, "alice".getBytes(StandardCharsets.US_ASCII))));
            assertThat(it.keys().orElseThrow().send128()).isEqualTo(peers.receive128());
            assertThat(it.keys().orElseThrow().receive128()).isEqualTo(peers.send128());
            assertThat(it.keys().orElseThrow().sendShort()).isEqualTo(peers.receiveShort());
            assertThat(it.grants().address()).hasToString("Optional[10.8.0.77]");
            assertThat(it.grants().sessionTimeout()).hasValue(3600);
            assertThat(it.grants().profile()).hasValue("gold");
            assertThat(it.ignored()).isEmpty();
            assertThat(it.unusable()).isEmpty();
        });
    }

    @Test
    void msChapV1ComesWithTheKeysOfThePeer() throws Exception {
        byte[] challenge = Arrays.copyOf(CHALLENGE, 8);
        byte[] nt = MsChap.ntPasswordHash("secret-a");
        var evidence = new AccessEvidence.MsChapV1(1, challenge,
                join(new byte[24], MsChap.challengeResponse(challenge, nt), new byte[]{1}));

        assertThat(login("alice", evidence)).isInstanceOfSatisfying(LoginReply.Accepted.class,
                it -> assertThat(it.keys().orElseThrow().send128()).isEqualTo(
                        StartKeyDerivation.msChapV1(MsChap.passwordHashHash(nt), challenge, null).send128()));
    }

    @Test
    void chapAndPapAreJudgedToo() throws Exception {
        byte[] right = MessageDigest.getInstance("MD5")
                .digest(join(new byte[]{7}, "secret-a".getBytes(StandardCharsets.US_ASCII), CHALLENGE));

        assertThat(login("alice", new AccessEvidence.ChapMd5(7, CHALLENGE, right)))
                .isInstanceOf(LoginReply.Accepted.class);
        assertThat(login("alice", new AccessEvidence.ChapMd5(8, CHALLENGE, right)))
                .isInstanceOf(LoginReply.Rejected.class);
        assertThat(login("alice", new AccessEvidence.Pap("secret-a".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(LoginReply.Accepted.class);
        assertThat(login("alice",
                new AccessEvidence.Pap("a password of more than one block".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(LoginReply.Rejected.class);
    }

    @Test
    void aWrongPasswordIs691() throws Exception {
        assertThat(login("alice", v2("alice", "wrong"))).isInstanceOfSatisfying(LoginReply.Rejected.class,
                it -> assertThat(it.msChapError()).hasValue(691));
    }

    /** Debian 12's does not sign its replies by itself. */
    @Test
    void aServerThatDoesNotSignIsNotBelievedUnlessThatIsAllowed() throws Exception {
        AccessEvidence evidence = v2("alice", "secret-a");
        RadiusClient.Request request = (identifier, random, by) -> AccessRequests.login(identifier, random,
                "alice".getBytes(StandardCharsets.UTF_8), evidence, NAS.attributes(), "s-1", by);
        var strict = new RadiusClient(group.next(), List.of(unsigned.server(Demand.MESSAGE_AUTHENTICATOR)),
                new RadiusClient.Patience(1_000, 1, 1_000), () -> System.nanoTime() / 1_000_000, new SecureRandom(),
                new Silent(notBelieved));

        assertThat(await(strict, Purpose.LOGIN, request, group)).isInstanceOfSatisfying(Outcome.Unanswered.class,
                it -> assertThat(it.why()).startsWith("freeradius"));
        assertThat(notBelieved).extracting(RadiusException::kind)
                .contains(RadiusException.Kind.NO_MESSAGE_AUTHENTICATOR);
        assertThat(await(client(unsigned, Demand.RESPONSE_AUTHENTICATOR), Purpose.LOGIN, request, group))
                .isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void accountingArrivesToTheByte() throws Exception {
        var record = new AccountingRecord(new AccountingRecord.Event.Stop(AccountingRecord.TerminateCause.USER_REQUEST),
                "pod-7", "alice", Optional.of(Ipv4Address.parse("10.8.0.77")), 90_000, (3L << 32) + 7, 5, 11, 12, true,
                List.of(), NAS.attributes());

        Outcome outcome = await(client(freeRadius, Demand.MESSAGE_AUTHENTICATOR), Purpose.ACCOUNTING,
                (identifier, random, by) -> record.request(identifier, 1_796_000_000L, 2), group);

        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        assertThat(freeRadius.detail()).contains("Acct-Status-Type = Stop", "Acct-Session-Id = \"pod-7\"",
                "Acct-Input-Octets = 7", "Acct-Input-Gigawords = 3", "Acct-Output-Octets = 5",
                "Acct-Session-Time = 90000", "Acct-Terminate-Cause = User-Request", "Framed-IP-Address = 10.8.0.77",
                "NAS-Port-Id = \"pptp42\"", "Tunnel-Type:0 = PPTP", "Calling-Station-Id = \"203.0.113.9\"");
    }
}
