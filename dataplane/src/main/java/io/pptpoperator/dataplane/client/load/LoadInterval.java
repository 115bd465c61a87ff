package io.pptpoperator.dataplane.client.load;

import java.util.Locale;

/**
 * A moment of a run, for the display.
 *
 * @param connected clients connected now
 * @param started logins begun so far
 * @param loggedIn logins that succeeded so far
 * @param failed logins that failed so far
 * @param logins times of the logins since the last moment
 * @param roundTrips of packets since the last moment
 * @param sent packets sent so far
 * @param answered packets answered so far
 */
record LoadInterval(int connected, long started, long loggedIn, long failed, LatencyView logins, LatencyView roundTrips,
        long sent, long answered) {

    /**
     * One line.
     *
     * @param second since the start
     * @param seconds since the last moment
     */
    String line(long second, double seconds) {
        String text = String.format(Locale.ROOT,
                "%5d s  connected %6d  logins %8d  %7.1f/s  p50 %6.1f ms  p99 %6.1f ms  failed %d", second, connected,
                loggedIn, logins.count() / seconds, logins.p50(), logins.p99(), failed);
        return sent == 0
                ? text
                : text + String.format(Locale.ROOT, "  packets %8.0f/s  rtt p50 %5.2f ms  p99 %5.2f ms",
                        roundTrips.count() / seconds, roundTrips.p50(), roundTrips.p99());
    }
}
