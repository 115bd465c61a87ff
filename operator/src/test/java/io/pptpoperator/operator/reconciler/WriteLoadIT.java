package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.operator.cluster.OperatorProcess.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a crowd costs the API server, counted where the operator's requests leave it. */
class WriteLoadIT extends ClusterTest {

    private static final int USERS = 300;
    /** Ready, not ready before that, and so on. */
    private static final int SERVER_EVENTS = 10;

    @Test
    void aCrowdThatComesAndLogsInAtOnceIsNoMoreThanFiftyWritesASecond() {
        startOperator();
        applyServer("office", "localIP: 10.8.0.1, pools: [10.8.0.0/21], exclude: [10.8.0.1]");
        applySecret("shared", Map.of("password", "not a secret at all"));
        awaitReady("office");
        // Whoever comes once the first one is known finds the Secret in the operator's cache.
        addUser(0);
        awaitState("user-0", State.Disconnected);
        IntStream.range(1, USERS).forEach(this::addUser);
        patiently(() -> IntStream.range(0, USERS).allMatch(i -> knows("office-pptp-0", "user-" + i)));
        patiently(() -> states(State.Disconnected) == USERS);

        IntStream.range(0, USERS)
                .forEach(i -> dataPlane("office-pptp-0").login("user-" + i, "198.51.100.1",
                        Instant.parse("2026-06-01T12:00:00Z")));
        patiently(() -> states(State.Connected) == USERS);

        List<Write> writes = operator.writes();
        assertThat(count(writes, "PATCH .*/vpnusers/user-[0-9]+/status")).as("a first status and a login each")
                .isEqualTo(2 * USERS);
        long renderings = count(writes, "PATCH .*/secrets/office-pptp-config");
        assertThat(count(writes, "POST .*/events")).as("one for each user, and one for each rendering")
                .isBetween((long) USERS, USERS + renderings + SERVER_EVENTS);
        assertThat(mostInAnySecond(writes.stream().filter(it -> !it.request().contains("/office-pptp")).toList()))
                .as("without the server's own objects, which change once or twice a second")
                .isLessThanOrEqualTo(50);
    }

    private void addUser(int number) {
        applyUser("user-" + number, "password: {secretKeyRef: {name: shared, key: password}}");
    }

    private static long count(List<Write> writes, String request) {
        Pattern pattern = Pattern.compile(request);
        return writes.stream().filter(it -> pattern.matcher(it.request()).matches()).count();
    }

    private long states(State state) {
        return client.resources(VpnUser.class)
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(user -> user.getStatus() != null && user.getStatus().state() == state)
                .count();
    }

    private static void patiently(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(condition);
    }

    private static int mostInAnySecond(List<Write> writes) {
        long[] times = writes.stream().mapToLong(Write::nanos).sorted().toArray();
        int most = 0;
        for (int first = 0, last = 0; last < times.length; last++) {
            while (times[last] - times[first] >= TimeUnit.SECONDS.toNanos(1)) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
