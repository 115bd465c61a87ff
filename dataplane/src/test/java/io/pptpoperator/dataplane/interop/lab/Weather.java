package io.pptpoperator.dataplane.interop.lab;

import java.time.Duration;

/**
 * What one direction of a {@link LongWire} does to IPv4 packets. Those that are not overtaken keep their order.
 *
 * @param delay how long each is on its way
 * @param loss share that gets lost, 0 to 1
 * @param overtaken share that is overtaken by those which follow within {@link #OVERTAKING}, 0 to 1
 * @param doubled share that arrives twice, 0 to 1
 */
public record Weather(Duration delay, double loss, double overtaken, double doubled) {

    /** How much longer a packet takes that is overtaken. */
    static final Duration OVERTAKING = Duration.ofMillis(5);

    /** Nothing happens to anything. */
    public static final Weather FAIR = new Weather(Duration.ZERO, 0, 0, 0);

    /** Fair, but for a delay. */
    public static Weather delaying(Duration delay) {
        return FAIR.delayedBy(delay);
    }

    /** The same with another delay. */
    public Weather delayedBy(Duration other) {
        return new Weather(other, loss, overtaken, doubled);
    }

    /** The same with another loss. */
    public Weather losing(double share) {
        return new Weather(delay, share, overtaken, doubled);
    }

    /** The same with another share of overtaken packets. */
    public Weather reordering(double share) {
        return new Weather(delay, loss, share, doubled);
    }

    /** The same with another share of packets that come twice. */
    public Weather doubling(double share) {
        return new Weather(delay, loss, overtaken, share);
    }
}
