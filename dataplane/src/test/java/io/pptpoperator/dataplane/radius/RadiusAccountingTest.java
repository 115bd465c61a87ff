package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.RadiusConfig.Accounting;
import io.pptpoperator.dataplane.config.RadiusConfig.Accounting.WhenUnreachable;
import io.pptpoperator.dataplane.session.ConnectedUsers;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When sessions are reported, in virtual time. */
class RadiusAccountingTest {
    private static final long START = 1;
    private static final long STOP = 2;
    private static final long INTERIM = 3;
    private static final long ON = 7;
    private static final long OFF = 8;

    private final ConnectedUsers users = new ConnectedUsers();
    private final ScriptedServers servers = new ScriptedServers();
    /** What is drawn next, from 0 to 1: half is no jitter at all. */
    private double drawn = 0.5;
    private final RadiusAccounting accounting = new RadiusAccounting(servers,
            () -> new NasIdentity("vpn/office/0", Ipv4Address.parse("192.0.2.1")), users::later, users::time,
            // The upper 53 bits of a long make a double.
            () -> (long) (drawn * (1L << 53)) << 11);

    private void configure(Duration interval) {
        accounting.configure(new Accounting(true, interval, WhenUnreachable.SPOOL));
    }

    private void serversAnswer() {
        servers.behaviour = request -> Optional.of(ScriptedServers.reply(request, RadiusCode.ACCOUNTING_RESPONSE));
    }

    /** What was told by now, kind by kind. */
    private List<Long> told() {
        servers.answer();
        return servers.requests.stream().map(it -> it.number(AttributeType.ACCT_STATUS_TYPE).orElseThrow()).toList();
    }

    private RadiusPacket last() {
        return servers.requests.getLast();
    }

    private void after(Duration time) {
        users.run(time);
        servers.answer();
    }

    @Test
    void aSessionIsReportedFromBeginningToEnd() {
        serversAnswer();
        configure(Duration.ofMinutes(10));
        accounting.connected(users.alice(), true);
        assertThat(told()).containsExactly(START);
        assertThat(last().text(AttributeType.ACCT_SESSION_ID)).contains(users.alice().id());
        assertThat(last().number(AttributeType.ACCT_SESSION_TIME)).as("it has no length yet").isEmpty();

        after(Duration.ofSeconds(599));
        assertThat(told()).containsExactly(START);
        after(Duration.ofSeconds(2));
        assertThat(told()).containsExactly(START, INTERIM);
        assertThat(last().number(AttributeType.ACCT_SESSION_TIME).orElseThrow()).isBetween(600L, 602L);
        after(Duration.ofMinutes(20));
        assertThat(told()).containsExactly(START, INTERIM, INTERIM, INTERIM);

        end(users.alice());
        after(Duration.ofHours(1));
        assertThat(told()).containsExactly(START, INTERIM, INTERIM, INTERIM, STOP);
        assertThat(last().number(AttributeType.ACCT_TERMINATE_CAUSE)).as("Admin Reset").hasValue(6);
        assertThat(accounting.waiting()).isZero();
    }

    private void end(Session session) {
        users.sessions().end(session, TerminationReason.ADMIN, "by hand", users.now());
        users.run(Duration.ofSeconds(1));
        accounting.ended(session);
    }

    /** Sessions that began together, after a restart, must not report together for ever. */
    @ParameterizedTest
    @CsvSource({"0.0, 540", "0.25, 570", "0.999999, 660"})
    void whenAReportIsDueIsDrawn(double draw, int seconds) {
        serversAnswer();
        drawn = draw;
        configure(Duration.ofMinutes(10));
        accounting.connected(users.alice(), true);
        after(Duration.ofSeconds(seconds - 1));
        assertThat(told()).containsExactly(START);
        after(Duration.ofSeconds(1));
        assertThat(told()).containsExactly(START, INTERIM);
    }

    @Test
    void eachIntervalIsDrawnAnew() {
        serversAnswer();
        configure(Duration.ofMinutes(10));
        drawn = 0;
        accounting.connected(users.alice(), true);
        drawn = 0.999999;
        after(Duration.ofMinutes(9));
        assertThat(told()).containsExactly(START, INTERIM);
        after(Duration.ofSeconds(659));
        assertThat(told()).containsExactly(START, INTERIM);
        after(Duration.ofSeconds(1));
        assertThat(told()).containsExactly(START, INTERIM, INTERIM);
    }

    @Test
    void theServersIntervalIsAboveTheSettings() {
        serversAnswer();
        configure(Duration.ofMinutes(10));
        accounting.connected(users.alice(), true);
        accounting.connected(users.bob(), false);
        Terms terms = users.alice().terms();
        users.sessions()
                .change(users.alice(),
                        new Terms(terms.address(), terms.pool(), terms.routes(), terms.dns(), terms.wins(), terms.mtu(),
                                terms.limits(), terms.encryption(), terms.profile(),
                                new Terms.Accounting(Optional.of(Duration.ofMinutes(1)), List.of())),
                        users.now());
        accounting.changed(users.alice());

        after(Duration.ofSeconds(181));

        assertThat(told()).containsExactly(START, START, INTERIM, INTERIM, INTERIM);
        assertThat(last().text(AttributeType.ACCT_SESSION_ID)).contains(users.alice().id());
    }

    @Test
    void changedSettingsHoldForSessionsThatAreThere() {
        serversAnswer();
        configure(Duration.ZERO);
        accounting.connected(users.alice(), true);
        after(Duration.ofHours(5));
        assertThat(told()).containsExactly(START);

        configure(Duration.ofMinutes(1));
        after(Duration.ofSeconds(61));
        assertThat(told()).containsExactly(START, INTERIM);

        configure(Duration.ZERO);
        after(Duration.ofHours(5));
        assertThat(told()).containsExactly(START, INTERIM);
    }

    @Test
    void anotherProcessGoesOnWhereThisOneHandedOver() {
        serversAnswer();
        configure(Duration.ofMinutes(1));
        accounting.takenOver(users.alice(), true);
        assertThat(told()).as("it has begun long ago").isEmpty();
        after(Duration.ofSeconds(61));
        assertThat(told()).containsExactly(INTERIM);

        accounting.handedOver(users.alice());
        end(users.alice());
        after(Duration.ofHours(1));
        assertThat(told()).containsExactly(INTERIM);
    }

    @Test
    void whereNobodyMayBeLetInWithoutBooksSilenceKeepsLoginsOut() {
        accounting.configure(new Accounting(true, Duration.ZERO, WhenUnreachable.REFUSE));
        assertThat(accounting.keepsLoginsOut()).as("nobody knows yet").isFalse();
        accounting.connected(users.alice(), true);
        assertThat(told()).containsExactly(START);
        assertThat(accounting.keepsLoginsOut()).isTrue();

        serversAnswer();
        after(Duration.ofSeconds(6));
        assertThat(accounting.keepsLoginsOut()).isFalse();
        assertThat(accounting.waiting()).isZero();
        assertThat(told()).as("the same again").containsExactly(START, START);
        assertThat(last().number(AttributeType.ACCT_DELAY_TIME).orElseThrow()).isBetween(5L, 6L);
    }

    @Test
    void theServersBeginningAndEndAreToldWhereSessionsAre() {
        serversAnswer();
        servers.accounting = false;
        accounting.begun();
        accounting.connected(users.alice(), true);
        assertThat(told()).as("no server takes records").isEmpty();

        servers.accounting = true;
        configure(Duration.ZERO);
        accounting.begun();
        accounting.over();
        assertThat(told()).containsExactly(ON, OFF);
        assertThat(accounting.flushed()).isCompleted();
    }
}
