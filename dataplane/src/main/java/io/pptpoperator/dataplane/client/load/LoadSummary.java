package io.pptpoperator.dataplane.client.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param seconds from the start, or the end of the warm-up, to the last login
 * @param loggedIn logins that succeeded
 * @param failed logins that failed
 * @param dropped sessions that ended although their client did not want that
 * @param logins from the moment a login was due to the moment IP could flow
 * @param steps its parts
 * @param sent packets through the tunnels
 * @param roundTrips of the packets that were answered
 * @param failures how often logins failed for what reason
 * @param drops how often sessions were dropped for what reason
 */
record LoadSummary(double seconds, long loggedIn, long failed, long dropped, LatencyView logins,
        Map<LoginStep, LatencyView> steps, long sent, LatencyView roundTrips, Map<String, Long> failures,
        Map<String, Long> drops) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    LoadSummary {
        steps = Map.copyOf(steps);
        failures = Map.copyOf(failures);
        drops = Map.copyOf(drops);
    }

    /** Whether every login succeeded and every session lasted. */
    boolean clean() {
        return failed == 0 && dropped == 0;
    }

    double loginsPerSecond() {
        return seconds > 0 ? loggedIn / seconds : 0;
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "logins    %d succeeded (%.1f/s), %d failed, %d sessions dropped",
                loggedIn, loginsPerSecond(), failed, dropped));
        lines.add(String.format(Locale.ROOT, "%-16s %9s %9s %9s %9s %9s", "ms", "p50", "p90", "p99", "p99.9", "max"));
        for (LoginStep step : LoginStep.values()) {
            addTimes(lines, step.label(), steps.get(step));
        }
        addTimes(lines, "whole login", logins);
        if (sent > 0) {
            addTimes(lines, "round trip", roundTrips);
            lines.add(String.format(Locale.ROOT, "packets   %d sent, %d answered (%.2f %% not)", sent,
                    roundTrips.count(), 100.0 * (sent - roundTrips.count()) / sent));
        }
        failures.forEach((reason, count) -> lines.add("failed    " + count + " x " + reason));
        drops.forEach((reason, count) -> lines.add("dropped   " + count + " x " + reason));
        return lines;
    }

    private static void addTimes(List<String> lines, String what, LatencyView times) {
        if (times.count() > 0) {
            lines.add(String.format(Locale.ROOT, "  %-14s %9.2f %9.2f %9.2f %9.2f %9.2f", what, times.p50(),
                    times.p90(), times.p99(), times.p999(), times.max()));
        }
    }

    /** For programs: one JSON object, times in milliseconds. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("seconds", seconds)
                .put("logins", loggedIn)
                .put("loginsPerSecond", loginsPerSecond())
                .put("failed", failed)
                .put("dropped", dropped);
        put(root, "login", logins);
        ObjectNode parts = root.putObject("steps");
        for (LoginStep step : LoginStep.values()) {
            put(parts, step.label(), steps.get(step));
        }
        root.put("packetsSent", sent);
        put(root, "roundTrip", roundTrips);
        ObjectNode reasons = root.putObject("failures");
        failures.forEach(reasons::put);
        ObjectNode ends = root.putObject("drops");
        drops.forEach(ends::put);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }

    private static void put(ObjectNode parent, String name, LatencyView times) {
        parent.putObject(name)
                .put("count", times.count())
                .put("p50", times.p50())
                .put("p90", times.p90())
                .put("p99", times.p99())
                .put("p99.9", times.p999())
                .put("max", times.max());
    }
}
