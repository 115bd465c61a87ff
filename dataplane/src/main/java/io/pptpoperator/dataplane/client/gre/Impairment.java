package io.pptpoperator.dataplane.client.gre;

import java.util.random.RandomGenerator;

/**
 * What a bad network does to GRE packets, in each direction.
 *
 * @param loss share of the packets that get lost, 0 to 1
 * @param reorder share of the packets that are overtaken by those behind them, 0 to 1
 * @param delay milliseconds that a packet is late when it is overtaken
 */
public record Impairment(double loss, double reorder, int delay) {

    /** A perfect network. */
    public static final Impairment NONE = new Impairment(0, 0, 1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a share is not between 0 and 1, or the delay not positive
     */
    public Impairment {
        if (!(loss >= 0 && loss <= 1 && reorder >= 0 && reorder <= 1) || delay < 1) {
            throw new IllegalArgumentException("a loss of " + loss + " and a reordering of " + reorder + " by " + delay
                    + " ms is not possible; shares from 0 to 1 and a delay of 1 ms or more would be right");
        }
    }

    boolean loses(RandomGenerator random) {
        return loss > 0 && random.nextDouble() < loss;
    }

    boolean delays(RandomGenerator random) {
        return reorder > 0 && random.nextDouble() < reorder;
    }
}
