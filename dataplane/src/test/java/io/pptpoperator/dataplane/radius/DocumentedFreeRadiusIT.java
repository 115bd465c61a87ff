package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.RadiusClient.Outcome;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.AccountingRecord;
import io.pptpoperator.protocol.radius.LoginReplies;
import io.pptpoperator.protocol.radius.LoginReply;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The FreeRADIUS that docs/radius.md describes, with its files as they stand there: only address and ports are others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedFreeRadiusIT {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private FreeRadius freeRadius;
    private RadiusClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Requirement.programs("freeradius");
        freeRadius = DocumentedFreeRadius.start(Path.of("../docs/radius.md"), folder, FreeRadiusIT.freePort(),
                "127.0.0.1", "", UnaryOperator.identity());
        client = new RadiusClient(group.next(),
                List.of(freeRadius.server(Demand.MESSAGE_AUTHENTICATOR, DocumentedFreeRadius.SECRET)),
                new RadiusClient.Patience(5_000, 3, 1_000), () -> System.nanoTime() / 1_000_000, new SecureRandom(),
                new FreeRadiusIT.Silent(new ArrayList<>()));
    }

    @AfterAll
    void end() {
        if (freeRadius != null) {
            freeRadius.close();
        }
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private LoginReply login(String name, String account, String password) throws Exception {
        AccessEvidence evidence = FreeRadiusIT.v2(account, password);
        var answered = (Outcome.Answered) FreeRadiusIT.await(client, Purpose.LOGIN,
                (identifier, random, by) -> AccessRequests.login(identifier, random,
                        name.getBytes(StandardCharsets.UTF_8), evidence, FreeRadiusIT.NAS.attributes(), "s-1", by),
                group);
        return LoginReplies.read(answered.reply(), evidence, answered.server().authentication(),
                answered.request().authenticator());
    }

    @Test
    void itsUsersLogInWithAndWithoutADomain() throws Exception {
        assertThat(login("alice", "alice", "correct horse")).isInstanceOfSatisfying(LoginReply.Accepted.class, it -> {
            assertThat(it.keys()).isPresent();
            assertThat(it.grants().address()).hasToString("Optional[192.168.79.50]");
            assertThat(it.grants().sessionTimeout()).hasValue(28_800);
        });
        assertThat(login("CORP\\alice", "alice", "correct horse")).isInstanceOf(LoginReply.Accepted.class);
        assertThat(login("bob", "bob", "battery staple")).isInstanceOfSatisfying(LoginReply.Accepted.class,
                it -> assertThat(it.grants().sessions()).hasValue(2));
    }

    @Test
    void itsBooksHaveWhatItIsTold() throws Exception {
        var record = new AccountingRecord(new AccountingRecord.Event.Start(), "pod-8", "alice",
                Optional.of(Ipv4Address.parse("192.168.79.50")), 0, 0, 0, 0, 0, true, List.of(),
                FreeRadiusIT.NAS.attributes());

        assertThat(FreeRadiusIT.await(client, Purpose.ACCOUNTING,
                (identifier, random, by) -> record.request(identifier, 1_796_000_000L, 0), group))
                .isInstanceOf(Outcome.Answered.class);
        assertThat(freeRadius.detail()).contains("Acct-Status-Type = Start", "Acct-Session-Id = \"pod-8\"",
                "User-Name = \"alice\"");
    }

    /** A reject is believed only if it is signed, too. */
    @Test
    void aWrongPasswordIsRejected() throws Exception {
        assertThat(login("alice", "alice", "wrong")).isInstanceOf(LoginReply.Rejected.class);
        assertThat(login("carol", "carol", "any")).isInstanceOf(LoginReply.Rejected.class);
    }
}
