package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.RadiusClient.Outcome;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.NasAttributes;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** RADIUS over TLS (RFC 6614) with FreeRADIUS, by the settings as they stand in the file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RadSecIT {
    private static final int PORT = 21_872;
    private static final String USERS = """
            alice Cleartext-Password := "secret-a"
            """;
    private static final NasAttributes NAS = new NasAttributes("lab", Ipv4Address.parse("127.0.0.1"), 42,
            Ipv4Address.parse("203.0.113.9"), Ipv4Address.parse("192.0.2.1"));

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private Certificates certificates;
    private Certificates others;
    private FreeRadius freeRadius;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path another) {
        Requirement.programs("freeradius", "openssl");
        certificates = Certificates.in(folder).with("server", "radius.lab.test").with("client", "vpn.lab.test");
        others = Certificates.in(another).with("client", "vpn.lab.test");
        freeRadius = FreeRadius.start(folder, PORT, USERS, true);
    }

    @AfterAll
    void end() {
        if (freeRadius != null) {
            freeRadius.close();
        }
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private static String indented(String pem) {
        return pem.replaceAll("(?m)^", "          ").stripTrailing();
    }

    private Outcome login(String serverName, Certificates authority, Certificates own) throws Exception {
        String yaml = """
                timeout: 20s
                attempts: 1
                servers:
                  - host: 127.0.0.1
                    transport: Tls
                    authenticationPort: %d
                    accountingPort: %1$d
                    tls:
                      serverName: %s
                      ca: |
                %s
                      certificate: |
                %s
                      key: |
                %s
                """.formatted(PORT + 2, serverName, indented(authority.text("ca.pem")),
                indented(own.text("client.pem")), indented(own.text("client.key")));
        ServerLookup.Found found = new ServerLookup(ConfigReader.parseRadius("users.radius.yaml", yaml)).look();
        EventLoop loop = group.next();
        var outcome = new CompletableFuture<Outcome>();
        loop.execute(() -> new RadiusClient(loop, found.servers(), new RadiusClient.Patience(20_000, 1, 1_000),
                () -> System.nanoTime() / 1_000_000, new SecureRandom(), new Deaf())
                .ask(Purpose.LOGIN, 0,
                        (identifier, random, by) -> AccessRequests.login(identifier, random,
                                "alice".getBytes(StandardCharsets.UTF_8),
                                new AccessEvidence.Pap("secret-a".getBytes(StandardCharsets.UTF_8)), NAS.attributes(),
                                "s-1", by),
                        outcome::complete));
        return outcome.get(60, TimeUnit.SECONDS);
    }

    private static final class Deaf implements RadiusObserver {
        @Override
        public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {}

        @Override
        public void silent(RadiusServer server, Purpose purpose, Fault fault) {}

        @Override
        public void probed(RadiusServer server, Optional<Fault> fault) {}

        @Override
        public void dead(RadiusServer server) {}

        @Override
        public void notBelieved(RadiusServer server, RadiusException why) {}

        @Override
        public void unexpected(RadiusServer server) {}
    }

    @Test
    void aLoginIsDecidedThroughTls() throws Exception {
        assertThat(login("radius.lab.test", certificates, certificates)).isInstanceOfSatisfying(Outcome.Answered.class,
                answered -> assertThat(answered.reply().code()).isEqualTo(RadiusCode.ACCESS_ACCEPT));
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        assertUnanswered(login("another.lab.test", certificates, certificates));
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        assertUnanswered(login("radius.lab.test", others, certificates));
    }

    @Test
    void theServerRefusesAClientOfAnotherAuthority() throws Exception {
        assertUnanswered(login("radius.lab.test", certificates, others));
    }

    private static void assertUnanswered(Outcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Unanswered.class,
                it -> assertThat(it.why()).contains("closed or refused the connection"));
    }
}
