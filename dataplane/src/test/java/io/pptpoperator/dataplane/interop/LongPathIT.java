package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.LineLog;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.PptpdServer;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.interop.lab.Weather;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logins over slow and bad paths, in either role, with a pppd at the other end. A few telling paths in every build; with
 * {@code -Dlab.paths=all} every round trip of satellites and phones, symmetric and one-sided, with loss and without.
 */
@InteropLab
final class LongPathIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Lab lab;
    private final RunningServer server;
    private final PptpdServer pptpd;

    LongPathIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("long-path", Configuration.SERVER, Configuration.USERS);
        pptpd = PptpdServer.start(lab.reference(), "alice * secret-a *", "require-mschap-v2\nrequire-mppe-128");
    }

    @AfterAll
    void stop() {
        pptpd.close();
        server.close();
    }

    /**
     * A path.
     *
     * @param out milliseconds from the client to the server
     * @param back milliseconds from the server to the client
     * @param loss share lost in each direction
     */
    record Path(long out, long back, double loss) {

        private Weather outward() {
            return Weather.delaying(Duration.ofMillis(out)).losing(loss);
        }

        private Weather backward() {
            return Weather.delaying(Duration.ofMillis(back)).losing(loss);
        }
    }

    static List<Path> paths() {
        if (!System.getProperty("lab.paths", "").equals("all")) {
            return List.of(new Path(550, 550, 0), new Path(0, 2600, 0), new Path(150, 150, 0.05));
        }
        return Stream.of(1L, 300L, 900L, 1100L, 2000L, 2600L, 4000L)
                .flatMap(trip -> Stream.of(0.0, 0.05)
                        .flatMap(loss -> Stream.of(new Path(trip / 2, trip / 2, loss), new Path(trip, 0, loss),
                                new Path(0, trip, loss))))
                .toList();
    }

    @Tried(with = Foreign.PPTP_LINUX,
            what = "logins over round trips of 0.3 s with loss, of 1.1 s, and of 2.6 s in one direction",
            result = "works, and nothing starts over")
    @Tried(with = Foreign.PPTPD,
            what = "logins over round trips of 0.3 s with loss, of 1.1 s, and of 2.6 s in one direction",
            result = "works, and nothing starts over")
    @ParameterizedTest
    @MethodSource("paths")
    @DisplayName("a login over a long path opens every layer once")
    void aLoginOverALongPathOpensEveryLayerOnce(Path path) {
        LineLog pptpdsLog = lab.reference().syslog();
        int logged = pptpdsLog.size();
        long start = System.nanoTime();
        try (var far = lab.lengthen(lab.laptop(), path.outward(), path.backward(), 1);
                var away = lab.lengthenCrowd(path.outward(), path.backward(), 2);
                var theirs = PppClient.start(lab.laptop(), ALICE);
                var ours = ClientProgram.start(lab, lab.crowd(), "secret-a", "connect", Lab.REFERENCE_SERVER, "--user",
                        "alice", "--route", "203.0.113.0/24")) {
            theirs.output().await("remote IP address", PATIENCE);
            System.out.printf("%s: pppd logged in after %d ms%n", path, (System.nanoTime() - start) / 1_000_000);
            ours.output().await("routed into the tunnel", PATIENCE);
            System.out.printf("%s: connect logged in after %d ms%n", path, (System.nanoTime() - start) / 1_000_000);
            assertThat(lab.laptop().run("ping -n -c 20 -i 0.2 -W 20 " + Configuration.TUNNEL).succeeded()).isTrue();
            assertThat(lab.crowd()
                    .run("ping", "-n", "-c", "20", "-i", "0.2", "-W", "20", Lab.REFERENCE_TUNNEL)
                    .succeeded()).isTrue();
            if (path.loss() == 0) {
                assertOpenedOnce(theirs.output().lines(), "rcvd \\[CHAP Challenge", "CHAP authentication succeeded");
                assertOpenedOnce(pptpdsLog.lines().subList(logged, pptpdsLog.size()));
                assertThat(far.lost() + away.lost()).isZero();
            }
            Await.until("the server has one session", Await.PATIENCE, () -> server.sessionsWith("alice") == 1);
        }
        Await.until("the session is over", PATIENCE, () -> server.sessionsWith("alice") == 0);
    }

    /** What pppd prints when a layer opens, and what it hears only once of a server that sends nothing too early. */
    private static void assertOpenedOnce(List<String> pppd, String... once) {
        Stream.concat(Stream.of("MPPE 128-bit stateless compression enabled", "local  IP address"), Stream.of(once))
                .map(Pattern::compile)
                .forEach(pattern -> assertThat(pppd.stream().filter(line -> pattern.matcher(line).find()))
                        .as("%s in:%n%s", pattern, String.join("\n", pppd))
                        .hasSize(1));
    }
}
