package io.pptpoperator.protocol.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static int taken(TokenBucket bucket, int tries, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.tryTake(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void startsFullAndFillsWithTime() {
        var bucket = new TokenBucket(10, 5);
        assertThat(taken(bucket, 20, 1000)).isEqualTo(5);
        assertThat(taken(bucket, 20, 1099)).isZero();
        assertThat(taken(bucket, 20, 1100)).isEqualTo(1);
        assertThat(taken(bucket, 20, 1400)).isEqualTo(3);
        assertThat(taken(bucket, 20, 100_000)).isEqualTo(5);
        assertThat(taken(bucket, 20, 50_000)).isZero();
    }

    @Test
    void zeroPerSecondNeverFills() {
        var bucket = new TokenBucket(0, 1);
        assertThat(taken(bucket, 5, -5)).isEqualTo(1);
        assertThat(taken(bucket, 5, Long.MAX_VALUE - 10)).isZero();
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> new TokenBucket(-1, 1)).hasMessageContaining("-1 per second");
        assertThatThrownBy(() -> new TokenBucket(1, 0)).hasMessageContaining("0 at once");
    }

    @Property
    void neverLetsMoreThroughThanRateAndBurst(@ForAll @IntRange(min = 1) int perSecond,
            @ForAll @IntRange(min = 1, max = 1000) int burst, @ForAll long seed) {
        var random = new Random(seed);
        var bucket = new TokenBucket(perSecond, burst);
        long now = random.nextInt();
        long start = now;
        long taken = 0;
        for (int i = 0; i < 500; i++) {
            now += random.nextInt(3);
            taken += bucket.tryTake(now) ? 1 : 0;
            assertThat(taken).isLessThanOrEqualTo(burst + (now - start) * perSecond / 1000 + 1);
        }
        assertThat(taken).isGreaterThanOrEqualTo(Math.min(500, Math.min(burst, (now - start) * perSecond / 1000)));
    }
}
