package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody who logs in again and again fills no disk and hides nobody. */
class LoginLinesTest {

    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address AWAY = Ipv4Address.parse("203.0.113.8");

    private final LoginLines lines = new LoginLines(0);
    private final List<String> told = new ArrayList<>();

    private int written(String user, Ipv4Address peer, int wanted, long now) {
        int written = 0;
        for (int i = 0; i < wanted; i++) {
            written += lines.take(user, peer, now) ? 1 : 0;
        }
        return written;
    }

    private List<String> tell(long now) {
        told.clear();
        lines.tell(now, (user, peer, count) -> told.add(user + "@" + peer + " " + count));
        return told;
    }

    @Test
    void oneUserHasABudgetAtEachAddressAndTakesNothingFromOthers() {
        assertThat(written("mallory", HOME, 100_000, 0)).isEqualTo(LoginLines.MOST_OF_USER);
        assertThat(written("mallory", AWAY, 1, 0)).isOne();
        assertThat(written("alice", HOME, 10, 0)).isEqualTo(10);
        assertThat(tell(999)).isEmpty();
        assertThat(tell(1_000)).containsExactly("mallory@203.0.113.7 " + (100_000 - LoginLines.MOST_OF_USER));
        assertThat(tell(100_000)).isEmpty();
        assertThat(lines.takeOmitted(100_000)).isZero();
        assertThat(written("mallory", HOME, 1_000, 60_000)).isEqualTo(LoginLines.PER_MINUTE_OF_USER);
    }

    @Test
    void aWholeFleetMayComeBackAtOnceButNotForEver() {
        int written = 0;
        for (int user = 0; user < 10_000; user++) {
            written += written("user" + user, HOME, 1, 0);
        }
        assertThat(written).isEqualTo(LoginLines.MOST_OF_ALL);
        assertThat(lines.takeOmitted(1_000)).isEqualTo(10_000 - LoginLines.MOST_OF_ALL);
        assertThat(lines.remembered()).isEqualTo(LoginLines.MOST_REMEMBERED);
    }

    @Test
    void whatIsRememberedOfManyFloodersIsBoundedAndNothingGoesUncounted() {
        int floods = 6_000;
        int wanted = LoginLines.MOST_OF_USER + 1;
        int written = 0;
        for (int user = 0; user < floods; user++) {
            written += written("user" + user, HOME, wanted, 0);
        }
        List<String> all = tell(1_000);
        assertThat(all).hasSize(LoginLines.MOST_REMEMBERED);
        long leftOut = all.stream().mapToLong(it -> Long.parseLong(it.split(" ", -1)[1])).sum();
        assertThat(leftOut + lines.takeOmitted(1_000) + written).isEqualTo((long) floods * wanted);
    }
}
