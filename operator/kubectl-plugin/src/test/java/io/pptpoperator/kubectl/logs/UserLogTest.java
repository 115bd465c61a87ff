package io.pptpoperator.kubectl.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UserLogTest {

    private static final List<String> JSON = List.of(
            "{\"time\":\"2026-06-01T12:00:00.000Z\",\"level\":\"warn\",\"logger\":\"io.pptpoperator.sessions\","
                    + "\"message\":\"Login failed\",\"user\":\"OFFICE\\\\alice\",\"peer\":\"203.0.113.9\","
                    + "\"method\":\"mschapv2\",\"reason\":\"bad-credentials\",\"detail\":\"unknown user or wrong password\"}",
            "{\"time\":\"2026-06-01T12:00:05.000Z\",\"level\":\"info\",\"logger\":\"io.pptpoperator.sessions\","
                    + "\"message\":\"Connected\",\"session\":\"5f0c2a11-7\",\"peer\":\"203.0.113.9\",\"user\":\"alice\","
                    + "\"address\":\"192.168.10.100\",\"mtu\":1400}",
            "{\"time\":\"2026-06-01T12:00:06.000Z\",\"level\":\"error\",\"logger\":\"io.pptpoperator.sessions\","
                    + "\"message\":\"The network behind the client cannot be routed\",\"session\":\"5f0c2a11-7\","
                    + "\"route\":\"192.168.50.0/24\",\"reason\":\"in use\"}",
            "{\"time\":\"2026-06-01T12:00:07.000Z\",\"level\":\"info\",\"logger\":\"io.pptpoperator.sessions\","
                    + "\"message\":\"Connected\",\"session\":\"5f0c2a11-8\",\"peer\":\"203.0.113.9\",\"user\":\"alice2\"}",
            "java.lang.IllegalStateException: alice");

    private static List<String> texts(Stream<String> lines) {
        var log = new UserLog("alice");
        return lines.flatMap(line -> LogLine.parse(line).stream())
                .filter(log::concerns)
                .map(line -> log.text("office-pptp-0", line))
                .toList();
    }

    @Test
    void aUsersLinesAreThoseThatNameItOrItsSessions() {
        assertThat(texts(JSON.stream())).containsExactly(
                "2026-06-01T12:00:00.000Z office-pptp-0 Login failed user=OFFICE\\alice peer=203.0.113.9"
                        + " method=mschapv2 reason=bad-credentials detail=\"unknown user or wrong password\"",
                "2026-06-01T12:00:05.000Z office-pptp-0 Connected session=5f0c2a11-7 peer=203.0.113.9"
                        + " address=192.168.10.100 mtu=1400",
                "2026-06-01T12:00:06.000Z office-pptp-0 The network behind the client cannot be routed"
                        + " session=5f0c2a11-7 route=192.168.50.0/24 reason=\"in use\"");
    }

    @Test
    void theTextFormatIsReadAsWell() {
        assertThat(texts(Stream.of(
                "2026-06-01T12:00:05.000Z INFO  sessions: Connected session=5f0c2a11-7 peer=203.0.113.9 user=alice"
                        + " computer=\"PC \\\"7\\\"\"",
                "2026-06-01T12:00:06.000Z INFO  sessions: Connected session=5f0c2a11-8 user=bob",
                "2026-06-01T13:00:05.000Z INFO  sessions: Disconnected session=5f0c2a11-7 seconds=3600 reason=admin")))
                .containsExactly(
                        "2026-06-01T12:00:05.000Z office-pptp-0 Connected session=5f0c2a11-7 peer=203.0.113.9"
                                + " computer=\"PC \"7\"\"",
                        "2026-06-01T13:00:05.000Z office-pptp-0 Disconnected session=5f0c2a11-7 seconds=3600"
                                + " reason=admin");
    }

    @Test
    void aRealmBehindTheNameIsTheSameUser() {
        assertThat(texts(
                Stream.of("2026-06-01T12:00:05.000Z WARN  sessions: Login failed user=alice@office peer=203.0.113.9")))
                .containsExactly(
                        "2026-06-01T12:00:05.000Z office-pptp-0 Login failed user=alice@office peer=203.0.113.9");
    }

    @Test
    void whatIsNoLineOfADataPlaneIsLeftOut() {
        assertThat(LogLine.parse("\tat io.pptpoperator.Foo.bar(Foo.java:7)")).isEmpty();
        assertThat(LogLine.parse("{\"msg\":\"of something else\"}")).isEmpty();
        assertThat(LogLine.parse("{broken")).isEmpty();
    }
}
