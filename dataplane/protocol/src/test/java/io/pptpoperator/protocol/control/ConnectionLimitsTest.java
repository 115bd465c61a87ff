package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ConnectionLimits.Limit;
import io.pptpoperator.protocol.control.ConnectionLimits.Limits;
import io.pptpoperator.protocol.control.ConnectionLimits.Ticket;
import io.pptpoperator.protocol.control.ConnectionLimits.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLimitsTest {

    private static final Ipv4Address ALICE = Ipv4Address.parse("192.0.2.1");
    private static final Ipv4Address BOB = Ipv4Address.parse("203.0.113.9");

    private static Ticket accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verdict).ticket();
    }

    private static void refused(Verdict verdict, Limit limit) {
        assertThat(verdict).isEqualTo(new Verdict.Refused(limit));
    }

    @Test
    void pendingConnectionsOfAllSourcesAreLimitedUntilTheyLogIn() {
        var limits = new ConnectionLimits(new Limits(2, 10, 10));
        Ticket alice = accepted(limits.connect(ALICE, 0));
        accepted(limits.connect(BOB, 0));
        refused(limits.connect(ALICE, 0), Limit.PENDING_CONNECTIONS);
        alice.loggedIn();
        accepted(limits.connect(ALICE, 0));
        assertThat(limits.pending()).isEqualTo(2);
        assertThat(limits.connections(ALICE)).isEqualTo(2);
    }

    @Test
    void aNewcomerTakesThePlaceOfTheOldestConnectionOfTheSourceThatHoldsMost() {
        var limits = new ConnectionLimits(new Limits(3, 10, 10));
        accepted(limits.connect(BOB, 0));
        Ticket oldest = accepted(limits.connect(ALICE, 0));
        accepted(limits.connect(ALICE, 0));
        Verdict newcomer = limits.connect(new Ipv4Address(7), 0);
        assertThat(((Verdict.Accepted) newcomer).displaced()).contains(oldest);
        assertThat(limits.pending()).isEqualTo(3);
        oldest.closed();
        assertThat(limits.pending()).isEqualTo(3);
        assertThat(limits.connections(ALICE)).isEqualTo(1);
    }

    @Test
    void amongSourcesWithOneConnectionEachTheOldestGoes() {
        var limits = new ConnectionLimits(new Limits(2, 10, 10));
        Ticket alice = accepted(limits.connect(ALICE, 0));
        Ticket bob = accepted(limits.connect(BOB, 0));
        assertThat(((Verdict.Accepted) limits.connect(new Ipv4Address(7), 0)).displaced()).contains(alice);
        assertThat(((Verdict.Accepted) limits.connect(new Ipv4Address(8), 0)).displaced()).contains(bob);
    }

    @Test
    void openConnectionsOfOneSourceAreLimitedEvenWhenLoggedIn() {
        var limits = new ConnectionLimits(new Limits(100, 2, 10));
        Ticket first = accepted(limits.connect(ALICE, 0));
        accepted(limits.connect(ALICE, 0)).loggedIn();
        refused(limits.connect(ALICE, 0), Limit.CONNECTIONS_PER_SOURCE);
        accepted(limits.connect(BOB, 0));
        first.closed();
        accepted(limits.connect(ALICE, 0));
    }

    @Test
    void newConnectionsOfOneSourceAreLimitedPerSecond() {
        var limits = new ConnectionLimits(new Limits(100, 100, 4));
        for (int i = 0; i < 4; i++) {
            accepted(limits.connect(ALICE, 1000)).closed();
        }
        refused(limits.connect(ALICE, 1000), Limit.CONNECTIONS_PER_SECOND);
        accepted(limits.connect(BOB, 1000));
        refused(limits.connect(ALICE, 1249), Limit.CONNECTIONS_PER_SECOND);
        accepted(limits.connect(ALICE, 1250));
        refused(limits.connect(ALICE, 1250), Limit.CONNECTIONS_PER_SECOND);
        for (int i = 0; i < 4; i++) {
            accepted(limits.connect(ALICE, 1_000_000)).closed();
        }
        refused(limits.connect(ALICE, 1_000_000), Limit.CONNECTIONS_PER_SECOND);
    }

    @Test
    void aTicketCountsOnceHoweverOftenItIsTold() {
        var limits = new ConnectionLimits(new Limits(10, 10, 10));
        Ticket first = accepted(limits.connect(ALICE, 0));
        accepted(limits.connect(ALICE, 0));
        first.loggedIn();
        first.loggedIn();
        first.closed();
        first.closed();
        first.loggedIn();
        assertThat(limits.pending()).isEqualTo(1);
        assertThat(limits.connections(ALICE)).isEqualTo(1);
    }

    @Test
    void changedLimitsApplyToTheNextConnection() {
        var limits = new ConnectionLimits(new Limits(1, 10, 10));
        accepted(limits.connect(ALICE, 0));
        refused(limits.connect(ALICE, 0), Limit.PENDING_CONNECTIONS);
        limits.reconfigure(new Limits(2, 10, 10));
        accepted(limits.connect(ALICE, 0));
        limits.reconfigure(new Limits(10, 2, 10));
        refused(limits.connect(ALICE, 0), Limit.CONNECTIONS_PER_SOURCE);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0", "-1, 1, 1"})
    void aLimitThatKeepsEverybodyOutIsRefused(int pending, int perSource, int perSecond) {
        assertThatThrownBy(() -> new Limits(pending, perSource, perSecond)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be 1 or more");
    }

    @Test
    void aFloodOfSourcesIsForgotten() {
        var limits = new ConnectionLimits(new Limits(10, 10, 10));
        for (int i = 0; i < 3 * ConnectionLimits.MAX_RATES; i++) {
            accepted(limits.connect(new Ipv4Address(i), 0)).closed();
        }
        assertThat(limits.remembered()).isLessThanOrEqualTo(ConnectionLimits.MAX_RATES);
        accepted(limits.connect(ALICE, 1000)).closed();
        assertThat(limits.remembered()).isEqualTo(1);
    }

    @Property(tries = 100)
    void countsFollowTheConnections(@ForAll long seed) {
        var random = new Random(seed);
        var limits = new ConnectionLimits(new Limits(20, 8, 5));
        var pending = new ArrayDeque<Ticket>();
        List<Ticket> loggedIn = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(100);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    if (limits.connect(new Ipv4Address(random.nextInt(4)),
                            now) instanceof Verdict.Accepted(Ticket ticket, Optional<Ticket> displaced)) {
                        pending.add(ticket);
                        displaced.ifPresent(gone -> {
                            assertThat(pending.remove(gone)).as("it was pending").isTrue();
                            gone.closed();
                        });
                    }
                }
                case 2 -> {
                    if (!pending.isEmpty()) {
                        pending.peek().loggedIn();
                        loggedIn.add(pending.poll());
                    }
                }
                default -> {
                    if (!loggedIn.isEmpty() && random.nextBoolean()) {
                        loggedIn.remove(random.nextInt(loggedIn.size())).closed();
                    } else if (!pending.isEmpty()) {
                        pending.poll().closed();
                    }
                }
            }
            assertThat(limits.pending()).isEqualTo(pending.size()).isLessThanOrEqualTo(20);
            int open = 0;
            for (int source = 0; source < 4; source++) {
                int ofSource = limits.connections(new Ipv4Address(source));
                assertThat(ofSource).isLessThanOrEqualTo(8);
                open += ofSource;
            }
            assertThat(open).isEqualTo(pending.size() + loggedIn.size());
        }
        pending.forEach(Ticket::closed);
        loggedIn.forEach(Ticket::closed);
        limits.connect(ALICE, now + 1000);
        assertThat(limits.remembered()).isEqualTo(2);
    }
}
