package io.pptpoperator.dataplane.client.load;

import org.HdrHistogram.Histogram;

/**
 * Percentiles of times, in milliseconds.
 *
 * @param count how many times there are; all others are 0 without any
 */
record LatencyView(long count, double p50, double p90, double p99, double p999, double max) {

    static LatencyView of(Histogram nanos) {
        return nanos.getTotalCount() == 0
                ? new LatencyView(0, 0, 0, 0, 0, 0)
                : new LatencyView(nanos.getTotalCount(), millis(nanos, 50), millis(nanos, 90), millis(nanos, 99),
                        millis(nanos, 99.9), millis(nanos, 100));
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }
}
