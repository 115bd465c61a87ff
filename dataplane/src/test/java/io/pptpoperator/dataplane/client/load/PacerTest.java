package io.pptpoperator.dataplane.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When logins are due. */
class PacerTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void loginsAreSpreadEvenlyHoweverLateTheyAreTaken() {
        var pacer = new Pacer(4, SECOND);
        for (int i = 0; i < 8; i++) {
            assertThat(pacer.nextDue()).isEqualTo(SECOND + i * SECOND / 4);
            pacer.take();
        }
    }

    @Test
    void thereIsNoDriftOverAMillionLogins() {
        var pacer = new Pacer(3, 0);
        for (int i = 0; i < 1_000_000; i++) {
            pacer.take();
        }
        assertThat(pacer.nextDue()).isBetween(333_333 * SECOND, 333_334 * SECOND);
    }

    @Test
    void whatNobodyWasFreeForIsNotMadeUpFor() {
        var pacer = new Pacer(10, 0);
        pacer.take();
        pacer.restart(5 * SECOND);
        assertThat(pacer.nextDue()).isEqualTo(5 * SECOND);
        pacer.take();
        assertThat(pacer.nextDue()).isEqualTo(5 * SECOND + SECOND / 10);
        pacer.restart(SECOND);
        assertThat(pacer.nextDue()).as("a restart never moves what is due later").isEqualTo(5 * SECOND + SECOND / 10);
    }
}
