package io.pptpoperator.dataplane.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** A client's control messages are bounded. */
class MessageBudgetTest {

    private final LongAdder dropped = new LongAdder();
    private long now = 1_000;
    private final EmbeddedChannel channel = new EmbeddedChannel(new MessageBudget(() -> now, dropped));

    private int passed(int count) {
        int passed = 0;
        for (int i = 0; i < count; i++) {
            channel.writeInbound("a message");
            passed += channel.readInbound() == null ? 0 : 1;
        }
        return passed;
    }

    @Test
    void aStormIsDroppedAndCountedAndNoLongerRead() {
        assertThat(passed(MessageBudget.AT_ONCE)).isEqualTo(MessageBudget.AT_ONCE);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(passed(1_000)).isZero();
        assertThat(dropped.sum()).isEqualTo(1_000);
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void afterAPauseItIsReadAgainAndSomeMorePass() {
        channel.freezeTime();
        passed(1_000);
        channel.advanceTimeBy(MessageBudget.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        now += 1_000;
        assertThat(passed(1_000)).isEqualTo(MessageBudget.PER_SECOND);
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void whatAClientNeedsIsNeverDropped() {
        int passed = passed(20);
        for (int minute = 0; minute < 100; minute++) {
            now += 60_000;
            passed += passed(30);
        }
        assertThat(passed).isEqualTo(20 + 100 * 30);
        assertThat(dropped.sum()).isZero();
    }
}
