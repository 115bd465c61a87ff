package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.RadiusClient.Outcome;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.AccessEvidence;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.LoginReplies;
import io.pptpoperator.protocol.radius.LoginReply;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The FreeRADIUS that docs/radius.md describes, with its files as they stand there: only address and ports are others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedFreeRadiusIT {

    private static final Path PAGE = Path.of("../docs/radius.md");
    private static final Path PACKAGE = Path.of("/etc/freeradius/3.0");
    private static final Pattern FILE = Pattern.compile("```freeradius (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final String SECRET = "the Secret's text";

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private FreeRadius freeRadius;
    private RadiusClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Requirement.programs("freeradius");
        int port = FreeRadiusIT.freePort();
        Path raddb = folder.resolve("raddb");
        copy(PACKAGE, raddb);
        // What a package's server writes, and as whom, does not belong to what is described.
        Path main = raddb.resolve("radiusd.conf");
        Files.writeString(main,
                Files.readString(main)
                        .replaceAll("(?m)^raddbdir = .*$", "raddbdir = " + raddb)
                        .replaceAll("(?m)^logdir = .*$", "logdir = " + folder)
                        .replaceAll("(?m)^run_dir = .*$", "run_dir = " + folder)
                        .replaceAll("(?m)^\\s*(user|group) = freerad$", ""));
        Files.deleteIfExists(raddb.resolve("sites-enabled/inner-tunnel"));
        List<String> written = new ArrayList<>();
        FILE.matcher(Files.readString(PAGE)).results().forEach(it -> {
            written.add(it.group(1));
            write(raddb.resolve(it.group(1)),
                    it.group(2)
                            .replace("port = 1812", "port = " + port)
                            .replace("port = 1813", "port = " + (port + 1))
                            .replace("10.0.0.0/24", "127.0.0.1"));
        });
        assertThat(written).contains("clients.conf", "sites-enabled/default", "mods-enabled/mschap");
        freeRadius = FreeRadius.run(raddb, port, UnaryOperator.identity());
        client = new RadiusClient(group.next(), List.of(freeRadius.server(Demand.MESSAGE_AUTHENTICATOR, SECRET)),
                new RadiusClient.Patience(5_000, 3, 1_000), () -> System.nanoTime() / 1_000_000, new SecureRandom(),
                new FreeRadiusIT.Silent(new ArrayList<>()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each) && !Files.isSymbolicLink(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            // One of the package's is a link to a file of all that there are.
            Files.deleteIfExists(file);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** A reject is believed only if it is signed, too. */
    @Test
    void aWrongPasswordIsRejected() throws Exception {
        assertThat(login("alice", "alice", "wrong")).isInstanceOf(LoginReply.Rejected.class);
        assertThat(login("carol", "carol", "any")).isInstanceOf(LoginReply.Rejected.class);
    }
}
