package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.rate.BitRate;
import io.pptpoperator.protocol.rate.RateLimit;
import java.time.Duration;
import java.util.Optional;

/** How fast a user may be, over all sessions on this server. */
// @formatter:off
public record RateSettings(
        @Setting("bits per second of IP from the client, such as `2M`: 8k to 100G; empty: any")
        Optional<BitRate> upload,

        @Setting("bits per second of IP to the client, such as `10M`: 8k to 100G; empty: any")
        Optional<BitRate> download,

        @Setting(value = "how long a user who was quiet may be faster: what the rate makes in this time passes at once",
                or = "200ms", min = "10ms", max = "10s")
        Duration burst) {
    // @formatter:on

    /** The burst where nothing is said of it. */
    public static final Duration USUAL_BURST = Duration.ofMillis(200);

    private static final int BITS = 8;
    private static final int MILLIS = 1_000;

    /** What this limits; empty when that is nothing. */
    public Optional<RateLimit> limit() {
        return upload.isEmpty() && download.isEmpty()
                ? Optional.empty()
                : Optional.of(new RateLimit(bits(upload), bits(download), bytes(upload), bytes(download)));
    }

    /** Each way the lower of this and another; the burst is this one's. */
    public RateSettings lower(RateSettings other) {
        return new RateSettings(lower(upload, other.upload), lower(download, other.download), burst);
    }

    private static Optional<BitRate> lower(Optional<BitRate> one, Optional<BitRate> other) {
        return one.isPresent() && (other.isEmpty() || bits(one) <= bits(other)) ? one : other;
    }

    private static long bits(Optional<BitRate> rate) {
        return rate.map(BitRate::bitsPerSecond).orElse(0L);
    }

    private long bytes(Optional<BitRate> rate) {
        return bits(rate) / BITS * burst.toMillis() / MILLIS;
    }
}
