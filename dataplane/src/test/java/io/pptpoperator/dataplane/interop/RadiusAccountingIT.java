package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.FreeRadius;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books of many sessions, whose server is away while they begin and end. */
@InteropLab
final class RadiusAccountingIT {
    private static final int CLIENTS = 1_000;
    private static final int LOGINS = 21_852;
    private static final int BOOKS = 21_862;
    private static final String USERS = """
            DEFAULT Cleartext-Password := "secret"
            """;
    private static final String RADIUS = """
            source: Radius
            servers:
              - {host: 127.0.0.1, authenticationPort: %d, accountingPort: 0, secret: %s}
              - {host: 127.0.0.1, authenticationPort: 0, accountingPort: %d, secret: %2$s}
            """.formatted(LOGINS, FreeRadius.SECRET, BOOKS + 1);
    private static final Pattern ENDED = Pattern
            .compile("Disconnected session=(\\S+) .*bytesIn=(\\d+) bytesOut=(\\d+)");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\t(\\S+) = \"?([^\"\n]*)\"?");

    private final Lab lab;

    RadiusAccountingIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void noStartAndNoStopIsLostOrToldTwiceThoughTheServerIsAway(@TempDir Path here, @TempDir Path there)
            throws Exception {
        Requirement.programs("freeradius");
        try (RunningServer server = lab.serve("radius-accounting", """
                localIP: 10.64.0.1
                pools: ["10.64.1.0-10.64.8.255"]
                limits:
                  connectionsPerSource: 2000
                  connectionsPerSecond: 2000
                """, "users: []\n");
                var logins = FreeRadius.start(here, LOGINS, USERS, true, lab.serverHost()::inside)) {
            server.writeRadius(RADIUS);
            Await.until("logins are possible", Await.PATIENCE,
                    () -> server.radius().at("/servers/0/reachable").booleanValue());
            long away = System.nanoTime();
            try (var load = ClientProgram.start(lab, lab.crowd(), "secret", "load", Lab.SERVER, "--users", "load%04d",
                    "--clients", String.valueOf(CLIENTS), "--rate", "40", "--duration", "60s", "--ping")) {
                assertThat(load.awaitExit(Duration.ofMinutes(4))).as(load.output()::text).isZero();
            }
            Await.until("all sessions are over", Await.PATIENCE, () -> server.sessions().isEmpty());
            Map<String, List<String>> ended = ended(server);
            assertThat(ended).hasSizeGreaterThanOrEqualTo(CLIENTS);
            assertThat(server.radius().get("accountingWaiting").intValue()).isGreaterThanOrEqualTo(2 * CLIENTS);
            assertThat(Duration.ofNanos(System.nanoTime() - away)).isGreaterThan(Duration.ofSeconds(60));

            try (var books = FreeRadius.start(there, BOOKS, USERS, true, lab.serverHost()::inside)) {
                Await.until("the books are written", Duration.ofMinutes(3),
                        () -> server.radius().get("accountingWaiting").intValue() == 0);
                assertBooks(books.detail(), ended);
            }
            assertThat(server.radius().get("accountingLost").intValue()).isZero();
            assertThat(Files.exists(here.resolve("detail"))).as("one server is for logins alone").isFalse();
            assertThat(logins.detail()).isEmpty();
        }
    }

    /** By session: what it has received and sent. */
    private static Map<String, List<String>> ended(RunningServer server) {
        Map<String, List<String>> ended = new HashMap<>();
        Matcher matcher = ENDED.matcher(server.log().text());
        while (matcher.find()) {
            ended.put(matcher.group(1), List.of(matcher.group(2), matcher.group(3)));
        }
        return ended;
    }

    private static void assertBooks(String detail, Map<String, List<String>> ended) {
        Map<String, Integer> starts = new HashMap<>();
        Map<String, List<String>> stops = new HashMap<>();
        for (String record : detail.split("\n\n", -1)) {
            Map<String, String> attributes = new HashMap<>();
            Matcher matcher = ATTRIBUTE.matcher(record);
            while (matcher.find()) {
                attributes.put(matcher.group(1), matcher.group(2));
            }
            String session = attributes.getOrDefault("Acct-Session-Id", "");
            switch (attributes.getOrDefault("Acct-Status-Type", "")) {
                case "Start" -> starts.merge(session, 1, Integer::sum);
                case "Stop" -> assertThat(stops.put(session,
                        List.of(attributes.get("Acct-Input-Octets"), attributes.get("Acct-Output-Octets"))))
                        .as("one Stop of " + session)
                        .isNull();
                default -> {
                }
            }
        }
        assertThat(stops).isEqualTo(ended);
        assertThat(starts.keySet()).isEqualTo(ended.keySet());
        assertThat(starts.values()).containsOnly(1);
    }
}
