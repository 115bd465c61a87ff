package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is written about failed logins. */
class SessionLogTest {
    private static final Ipv4Address PEER = Ipv4Address.parse("203.0.113.7");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.pptpoperator.sessions");

    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final SessionLog log = new SessionLog();

    @BeforeEach
    void listen() {
        written.start();
        LOGGER.addAppender(written);
        LOGGER.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(written);
        LOGGER.setAdditive(true);
    }

    private void fail(String name, boolean known) {
        log.loginFailed(PEER, name, known, AuthMethod.MSCHAPV2, LoginFailure.BAD_CREDENTIALS, "detail");
    }

    @Test
    void aNameThatIsNoUsersIsNotWrittenBecauseItMayBeAPassword() {
        fail("hunter2", false);
        fail("alice", true);
        assertThat(written.list).extracting(event -> event.getKeyValuePairs().toString())
                .satisfiesExactly(line -> assertThat(line).doesNotContain("hunter2").contains("(unknown)"),
                        line -> assertThat(line).contains("alice"));
    }

    @Test
    void aFloodOfFailedLoginsFillsNoDiskAndHidesNoUsers() {
        for (int i = 0; i < 10 * SessionLog.LINES_PER_SECOND; i++) {
            fail("mallory" + i, false);
        }
        fail("alice", true);
        // The loop may have gone on into another second.
        assertThat(written.list).hasSizeLessThan(5 * SessionLog.LINES_PER_SECOND);
        assertThat(written.list.getLast().getKeyValuePairs().toString()).contains("alice");
    }
}
