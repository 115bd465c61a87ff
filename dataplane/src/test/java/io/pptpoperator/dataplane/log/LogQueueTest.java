package io.pptpoperator.dataplane.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Whoever logs never waits for whoever reads. */
@Timeout(60)
class LogQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** A pipe that nobody reads, until somebody does. */
    private static final class BlockedPipe extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final CountDownLatch read = new CountDownLatch(1);
        private final CountDownLatch entered = new CountDownLatch(1);
        private volatile boolean broken;

        @Override
        public void write(int value) throws IOException {
            write(new byte[]{(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            entered.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (broken) {
                throw new IOException("Broken pipe");
            }
            synchronized (taken) {
                taken.write(bytes, offset, length);
            }
        }

        List<String> lines() {
            synchronized (taken) {
                return taken.toString(StandardCharsets.UTF_8).lines().toList();
            }
        }
    }

    private final BlockedPipe pipe = new BlockedPipe();
    private final LogQueue queue = LogQueue.to(pipe);

    @AfterEach
    void restore() {
        pipe.read.countDown();
        Logging.apply(Log.DEFAULTS);
    }

    private void add(Log.Level level, int count, String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            queue.add(level, line);
        }
    }

    @Test
    void aFloodThatNobodyReadsIsDroppedAndCountedAndLeavesRoomForErrors() {
        String long100 = "x".repeat(99);
        add(Log.Level.INFO, 100_000, long100);
        add(Log.Level.WARN, 100_000, long100);
        assertThat(queue.dropped(Log.Level.INFO)).isBetween(80_000L, 99_000L);
        assertThat(queue.dropped(Log.Level.WARN)).isBetween(80_000L, 99_000L);
        add(Log.Level.ERROR, 1_000, "what matters");
        assertThat(queue.dropped(Log.Level.ERROR)).isZero();
        assertThat(queue.flush(Duration.ZERO)).as("does not wait for ever").isFalse();

        queue.notice(count -> ("dropped " + count + "\n").getBytes(StandardCharsets.UTF_8));
        pipe.read.countDown();
        assertThat(queue.flush(LONG)).isTrue();
        add(Log.Level.INFO, 1, "afterwards");
        assertThat(queue.flush(LONG)).isTrue();
        long dropped = queue.dropped(Log.Level.INFO) + queue.dropped(Log.Level.WARN);
        assertThat(pipe.lines()).containsOnlyOnce("dropped " + dropped);
        assertThat(pipe.lines().stream().filter("what matters"::equals)).hasSize(1_000);
        assertThat(pipe.lines()).hasSize(200_000 - (int) dropped + 1_000 + 1 + 1);
        assertThat(pipe.lines().getLast()).isEqualTo("afterwards");
    }

    @Test
    void errorsAreBoundedAsWell() {
        add(Log.Level.ERROR, 100_000, "x".repeat(99));
        assertThat(queue.dropped(Log.Level.ERROR)).isGreaterThan(70_000);
    }

    @Test
    void aReaderThatIsGoneStopsNobody() throws InterruptedException {
        pipe.broken = true;
        pipe.read.countDown();
        add(Log.Level.WARN, 10, "nobody reads this");
        assertThat(queue.flush(LONG)).isTrue();
        assertThat(queue.dropped(Log.Level.WARN)).isEqualTo(10);
    }

    @Test
    void whatIsPrintedTakesTheSameWayLineByLine() {
        pipe.read.countDown();
        try (var printed = new PrintStream(queue.asStream(), true, StandardCharsets.UTF_8)) {
            printed.print("one ");
            printed.print("line\nanother\n");
            printed.print("without an end");
        }
        assertThat(queue.flush(LONG)).isTrue();
        assertThat(pipe.lines()).containsExactly("one line", "another", "without an end");
    }

    @Test
    void theNoticeIsALineLikeOthers() throws Exception {
        Logging.apply(new Log(Log.Level.INFO, Log.Format.JSON, List.of()), queue);
        var logger = LoggerFactory.getLogger("io.pptpoperator.LogQueueTest");
        logger.info("first");
        pipe.entered.await();
        for (int i = 0; i < 20_000; i++) {
            logger.info("flood {}", "x".repeat(200));
        }
        pipe.read.countDown();
        assertThat(queue.flush(LONG)).isTrue();
        logger.info("afterwards");
        assertThat(queue.flush(LONG)).isTrue();
        List<String> notices = pipe.lines().stream().filter(line -> line.contains("dropped")).toList();
        assertThat(notices).hasSize(1);
        JsonNode notice = new ObjectMapper().readTree(notices.getFirst());
        assertThat(notice.path("level").asText()).isEqualTo("warn");
        assertThat(notice.path("logger").asText()).isEqualTo(Logging.class.getName());
        assertThat(notice.path("lines").asLong()).isEqualTo(queue.dropped(Log.Level.INFO));
    }
}
