package io.pptpoperator.protocol.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateBucketTest {
    private static final long SECOND = 1_000_000_000;
    private static final int PACKET = 1_400;

    /** Bytes that pass from {@code start} on within so many seconds, asked for as soon as the bucket allows. */
    private static long passed(RateBucket bucket, long start, int seconds) {
        long bytes = 0;
        long now = start;
        while (now - start < seconds * SECOND) {
            if (bucket.isReady(now)) {
                bucket.take(PACKET, now);
                bytes += PACKET;
            } else {
                now = bucket.readyAt();
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {8_000, 1_000_000, 10_000_000, 200_000_000, 100_000_000_000L})
    void whatPassesInTheLongRunIsTheRateAndOneBurst(long bitsPerSecond) {
        long start = Long.MAX_VALUE - SECOND; // the clock may pass its highest value
        RateBucket bucket = new RateBucket(bitsPerSecond, 0, start);
        int seconds = bitsPerSecond > 1_000_000_000 ? 1 : 10;
        double expected = bitsPerSecond / 8.0 * (seconds + 0.2);
        assertThat((double) passed(bucket, start, seconds)).isCloseTo(expected,
                within(expected * 0.001 + 3_000 + PACKET));
    }

    @Test
    void aQuietTimeSavesUpABurstAndNoMore() {
        RateBucket bucket = new RateBucket(1_000_000, 50_000, 0);
        long later = 3_600 * SECOND;
        int packets = 0;
        while (bucket.isReady(later)) {
            bucket.take(PACKET, later);
            packets++;
        }
        assertThat(packets * PACKET).isBetween(50_000, 50_000 + PACKET);
    }

    @Test
    void lateServiceLosesNothingOfTheRate() {
        RateBucket bucket = new RateBucket(10_000_000, 0, 0);
        long bytes = 0;
        for (long now = SECOND; now < 11 * SECOND; now += 17_000_000) {
            while (bucket.isReady(now)) {
                bucket.take(PACKET, now);
                bytes += PACKET;
            }
        }
        assertThat((double) bytes).isCloseTo(12_750_000, within(30_000.0));
    }

    @Test
    void thoseWhoShareItGetTheRateTogether() throws InterruptedException {
        RateBucket bucket = new RateBucket(80_000_000, 3_000, 0);
        List<Thread> threads = new ArrayList<>();
        IntStream.range(0, 4)
                .forEach(i -> threads.add(Thread.ofPlatform()
                        .start(() -> IntStream.range(0, 10_000).forEach(k -> bucket.take(1_000, 0)))));
        for (Thread thread : threads) {
            thread.join();
        }
        // 40 MB at 10 MB a second, of which 3 kB were saved up.
        assertThat(bucket.readyAt()).isEqualTo(4 * SECOND - 300_000);
    }

    @Test
    void anotherRateCountsForWhatIsOwedToo() {
        RateBucket bucket = new RateBucket(8_000, 3_000, 0);
        for (int i = 0; i < 10; i++) {
            bucket.take(1_000, 0);
        }
        assertThat(bucket.readyAt()).isEqualTo(7 * SECOND);
        bucket.change(80_000, 0, SECOND);
        assertThat(bucket.readyAt()).isEqualTo(SECOND + 6 * SECOND / 10);
        assertThat(bucket.bitsPerSecond()).isEqualTo(80_000);
        bucket.change(8_000, 0, SECOND);
        assertThat(bucket.readyAt()).isEqualTo(7 * SECOND);
    }

    @Test
    void twoPacketsPassAtOnceHoweverSmallTheBurst() {
        RateBucket bucket = new RateBucket(1, 1, 0);
        bucket.take(1_500, 0);
        assertThat(bucket.isReady(0)).isTrue();
    }

    @Test
    void whatIsImpossibleIsRefused() {
        assertThatThrownBy(() -> new RateBucket(0, 0, 0)).hasMessageContaining("a rate of 0 bit/s");
        assertThatThrownBy(() -> new RateBucket(1, -1, 0)).hasMessageContaining("a burst of -1 bytes");
    }

    @Test
    void bytesAndTimesAgree() {
        RateBucket bucket = new RateBucket(10_000_000, 0, 0);
        assertThat(bucket.nanos(1_250)).isEqualTo(1_000_000);
        assertThat(bucket.bytes(1_000_000)).isEqualTo(1_250);
    }
}
