package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.interop.lab.Weather;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Streams through a tunnel whose path changes the order of packets, in both directions. */
@InteropLab
final class ReorderingIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A machine with other things to do may be slow at one measurement; a path that ruins TCP is slow at all. */
    private static final int TRIES = 3;
    /** By default pptp writes a line of log for each packet that waits for another, which costs more than the packet. */
    private static final Dial QUIET = ALICE.withPptp("--loglevel", "0");
    private static final Weather FAIR = Weather.delaying(Duration.ofMillis(5));
    /** Nothing comes twice: where packets wait and copies come, pptp-linux 1.10 falls into an endless loop. */
    private static final Weather UNORDERLY = FAIR.reordering(0.01);

    private final Lab lab;
    private final RunningServer server;

    ReorderingIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("reordering", Configuration.SERVER, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "20 MB to a server while 1 % of the packets are overtaken",
            result = "at least half as fast as in order")
    @Test
    void anUploadKeepsAtLeastHalfOfItsThroughput() {
        assertKeepsHalf(laptop -> {
            laptop.must("[[ -s /run/upload ]] || head -c " + lab.mediumFile().size() + " /dev/urandom > /run/upload");
            long start = System.nanoTime();
            String sent = laptop.run(
                    "sha256sum < /run/upload; socat -t 300 - TCP4:" + Lab.WEB + ":" + Lab.SINK_PORT + " < /run/upload",
                    PATIENCE).output();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(sent.lines().distinct()).as("the digest here, and of what arrived").hasSize(1);
            return took;
        });
        assertThat(reordered()).as("packets that the server has put in order").isPositive();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "20 MB from a server while 1 % of the packets are overtaken",
            result = "at least half as fast as in order")
    @Test
    void aDownloadKeepsAtLeastHalfOfItsThroughput() {
        assertKeepsHalf(laptop -> {
            long start = System.nanoTime();
            String received = laptop
                    .run("curl -sS http://" + Lab.WEB + lab.mediumFile().path() + " | sha256sum", PATIENCE)
                    .output();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(received).startsWith(lab.mediumFile().sha256());
            return took;
        });
    }

    private void assertKeepsHalf(Function<Guest, Duration> transfer) {
        String measured = "";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Duration inOrder = over(FAIR, transfer);
            Duration outOfOrder = over(UNORDERLY, transfer);
            measured += inOrder.toMillis() + " ms in order, " + outOfOrder.toMillis() + " ms out of order; ";
            if (outOfOrder.compareTo(inOrder.multipliedBy(2)) <= 0) {
                return;
            }
        }
        throw new AssertionError("out of order it takes more than twice the time: " + measured);
    }

    private Duration over(Weather weather, Function<Guest, Duration> transfer) {
        try (var wire = lab.lengthen(lab.laptop(), weather, weather, 3);
                var client = PppClient.connect(lab.laptop(), QUIET)) {
            Duration took = transfer.apply(lab.laptop());
            assertThat(client.isRunning()).isTrue();
            assertThat(wire.lost()).isZero();
            return took;
        }
    }

    private double reordered() {
        var counter = Pattern.compile("(?m)^pptp_packets_reordered_total\\S* (\\S+)").matcher(server.metrics());
        assertThat(counter.find()).isTrue();
        return Double.parseDouble(counter.group(1));
    }
}
