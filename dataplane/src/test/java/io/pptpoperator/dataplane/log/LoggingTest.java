package io.pptpoperator.dataplane.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);
    private static final Logger LIBRARY = LoggerFactory.getLogger("org.example.Library");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LogQueue queue = LogQueue.to(written);

    @AfterEach
    void restore() {
        Logging.apply(Log.DEFAULTS);
    }

    @Test
    void textIsOneLineWithItsKeysAndValues() {
        Logging.apply(Log.DEFAULTS, queue);
        LOG.atInfo()
                .addKeyValue("user", "alice")
                .addKeyValue("peer", "203.0.113.7")
                .addKeyValue("bytes", 12)
                .addKeyValue("reason", "idle too long")
                .addKeyValue("computer", "")
                .log("Session ended");
        assertThat(lines()).singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO "
                        + " LoggingTest: Session ended user=alice peer=203.0.113.7 bytes=12 reason=\"idle too long\""
                        + " computer=\"\"");
    }

    @Test
    @SuppressWarnings("try") // are there to be closed
    void theThreadsContextIsWithEveryLine() throws Exception {
        try (var namespace = MDC.putCloseable("namespace", "vpn"); var name = MDC.putCloseable("name", "office")) {
            Logging.apply(Log.DEFAULTS, queue);
            LOG.atInfo().addKeyValue("users", 3).log("Rendered");
            Logging.apply(new Log(Log.Level.INFO, Log.Format.JSON, List.of()), queue);
            LOG.info("Rendered");
        }
        assertThat(lines()).hasSize(2)
                .first()
                .asString()
                .endsWith("LoggingTest: Rendered users=3 name=office namespace=vpn");
        JsonNode json = new ObjectMapper().readTree(lines().getLast());
        assertThat(json.path("namespace").asText()).isEqualTo("vpn");
        assertThat(json.path("name").asText()).isEqualTo("office");
    }

    @Test
    void textFromPeersCannotForgeLinesOrValues() {
        Logging.apply(Log.DEFAULTS, queue);
        LOG.atWarn()
                .addKeyValue("user", "x\" admin=\"yes")
                .log("Login of {} failed", "a\r\n2026 INFO Forged\u001b[2J\u2028");
        assertThat(lines()).singleElement()
                .asString()
                .endsWith("WARN  LoggingTest: Login of a??2026 INFO Forged?[2J? failed user=\"x\\\" admin=\\\"yes\"");
    }

    @Test
    void textHasStackTraces() {
        Logging.apply(Log.DEFAULTS, queue);
        LOG.error("It failed", new IllegalStateException("because\u001b of this"));
        assertThat(lines().get(0)).endsWith("ERROR LoggingTest: It failed");
        assertThat(lines().get(1)).isEqualTo("java.lang.IllegalStateException: because? of this");
        assertThat(lines().get(2)).startsWith("\tat io.pptpoperator");
    }

    @Test
    void jsonIsOneFlatObjectALine() throws Exception {
        Logging.apply(new Log(Log.Level.INFO, Log.Format.JSON, List.of()), queue);
        LOG.atInfo()
                .addKeyValue("user", "a\nb\ud800")
                .addKeyValue("bytes", 12)
                .addKeyValue("message", "forged")
                .setCause(new IllegalStateException("x"))
                .log("Session ended");
        assertThat(lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(lines().getFirst());
        assertThat(json.get("level").asText()).isEqualTo("info");
        assertThat(json.get("message").asText()).isEqualTo("Session ended");
        assertThat(json.get("user").asText()).isEqualTo("a\nb?");
        assertThat(json.get("bytes").isInt()).isTrue();
        assertThat(json.get("error").asText()).startsWith("java.lang.IllegalStateException: x\n\tat ");
        assertThat(json.get("time").asText()).endsWith("Z");
    }

    @Test
    void theLevelChangesWhileRunningButNotForLibraries() {
        Logging.apply(Log.DEFAULTS, queue);
        LOG.debug("not yet");
        Logging.setLevel(Log.Level.DEBUG);
        LOG.debug("now");
        LIBRARY.info("a library's news");
        LIBRARY.warn("a library's warning");
        Logging.setLevel(Log.Level.ERROR);
        LOG.warn("no longer");
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).endsWith("LoggingTest: now");
        assertThat(lines().get(1)).endsWith("Library: a library's warning");
    }

    private List<String> lines() {
        assertThat(queue.flush(Duration.ofMinutes(1))).isTrue();
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
