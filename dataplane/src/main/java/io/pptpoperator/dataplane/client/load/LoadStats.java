package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What has happened so far. For the event loop alone; times are nanoseconds. */
final class LoadStats {
    /** Longer than any login can take, in nanoseconds. */
    private static final long LONGEST = 600_000_000_000L;
    private static final int DIGITS = 2;

    private final Map<LoginStep, Histogram> steps = new EnumMap<>(LoginStep.class);
    private final Histogram logins = histogram();
    private final Histogram roundTrips = histogram();
    private final Histogram recentLogins = histogram();
    private final Histogram recentRoundTrips = histogram();
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> drops = new TreeMap<>();
    private long started;
    private long failed;
    private long dropped;
    private long sent;
    private long lastLoginAt;
    private int connected;

    LoadStats() {
        for (LoginStep step : LoginStep.values()) {
            steps.put(step, histogram());
        }
    }

    private static Histogram histogram() {
        return new Histogram(LONGEST, DIGITS);
    }

    /** Forgets all times and packets so far; failures stay. */
    void forgetTimes() {
        steps.values().forEach(Histogram::reset);
        logins.reset();
        roundTrips.reset();
        sent = 0;
    }

    void started() {
        started++;
    }

    void stepDone(LoginStep step, long nanos) {
        record(steps.get(step), nanos);
    }

    void connected(long nanos, long now) {
        connected++;
        lastLoginAt = now;
        record(logins, nanos);
        record(recentLogins, nanos);
    }

    void disconnected() {
        connected--;
    }

    void failed(SessionEnd end) {
        failed++;
        failures.merge(reason(end), 1L, Long::sum);
    }

    /** A session that was connected ended although its client did not want that. */
    void dropped(SessionEnd end) {
        dropped++;
        drops.merge(reason(end), 1L, Long::sum);
    }

    private static String reason(SessionEnd end) {
        String kind = end.loginFailure()
                .map(LoginFailure::label)
                .or(() -> end.reason().map(TerminationReason::label))
                .orElse("ended");
        return end.missing().map(LoginStep::label).orElse("connected") + ", " + kind + ": " + end.detail();
    }

    void sent() {
        sent++;
    }

    void answered(long nanos) {
        record(roundTrips, nanos);
        record(recentRoundTrips, nanos);
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    /** What has happened since the last call of this method, and how things stand. */
    LoadInterval interval() {
        LoadInterval interval = new LoadInterval(connected, started, logins.getTotalCount(), failed,
                LatencyView.of(recentLogins), LatencyView.of(recentRoundTrips), sent, roundTrips.getTotalCount());
        recentLogins.reset();
        recentRoundTrips.reset();
        return interval;
    }

    /** What has happened since the beginning, which was at {@code startedAt}. */
    LoadSummary summary(long startedAt) {
        double seconds = logins.getTotalCount() == 0 ? 0 : (lastLoginAt - startedAt) / 1e9;
        Map<LoginStep, LatencyView> views = new EnumMap<>(LoginStep.class);
        steps.forEach((step, histogram) -> views.put(step, LatencyView.of(histogram)));
        return new LoadSummary(seconds, logins.getTotalCount(), failed, dropped, LatencyView.of(logins), views, sent,
                LatencyView.of(roundTrips), failures, drops);
    }
}
