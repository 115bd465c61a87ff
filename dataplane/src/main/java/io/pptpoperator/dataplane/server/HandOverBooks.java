package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What a server has counted and remembers beside its sessions, as it is handed over. */
final class HandOverBooks {
    private static final String DROPS = "datapath.drops.";
    private static final String PACKETS_IN = "datapath.packetsIn";
    private static final String BYTES_IN = "datapath.bytesIn";
    private static final String PACKETS_OUT = "datapath.packetsOut";
    private static final String BYTES_OUT = "datapath.bytesOut";
    private static final String REORDERED = "datapath.reordered";
    private static final String MPPE_RESETS = "mppeResets";
    private static final String MESSAGES_DROPPED = "controlMessagesDropped";
    /** Logins that go into one message. */
    private static final int LOGINS_AT_ONCE = 200;

    private HandOverBooks() {}

    /** All counts, by name. */
    static Map<String, Long> counts(ServerMetrics metrics, Datapath datapath, ServerEvents events,
            LongAdder controlMessagesDropped) {
        Map<String, Long> counts = new HashMap<>(metrics.counted());
        for (DropCause cause : DropCause.values()) {
            counts.put(DROPS + cause, datapath.drops(cause));
        }
        counts.put(PACKETS_IN, datapath.total(TrafficCounters::packetsIn));
        counts.put(BYTES_IN, datapath.total(TrafficCounters::bytesIn));
        counts.put(PACKETS_OUT, datapath.total(TrafficCounters::packetsOut));
        counts.put(BYTES_OUT, datapath.total(TrafficCounters::bytesOut));
        counts.put(REORDERED, datapath.total(TrafficCounters::reordered));
        counts.put(MPPE_RESETS, events.mppeResets());
        counts.put(MESSAGES_DROPPED, controlMessagesDropped.sum());
        return counts;
    }

    /** Goes on counting from there; before anything is counted. */
    static void goOn(Map<String, Long> counts, Datapath datapath, ServerEvents events,
            LongAdder controlMessagesDropped) {
        Map<DropCause, Long> drops = new EnumMap<>(DropCause.class);
        for (DropCause cause : DropCause.values()) {
            drops.put(cause, counts.getOrDefault(DROPS + cause, 0L));
        }
        datapath.goOn(new TrafficCounters.Snapshot(counts.getOrDefault(PACKETS_IN, 0L),
                counts.getOrDefault(BYTES_IN, 0L), counts.getOrDefault(PACKETS_OUT, 0L),
                counts.getOrDefault(BYTES_OUT, 0L), 0, 0, counts.getOrDefault(REORDERED, 0L), 0), drops);
        events.goOn(counts.getOrDefault(MPPE_RESETS, 0L));
        controlMessagesDropped.add(counts.getOrDefault(MESSAGES_DROPPED, 0L));
    }

    /** The last logins of all users, in as many messages as they need. */
    static List<HandOverMessage.LastLogins> lastLogins(List<LoginView> logins) {
        List<HandOverMessage.LastLogins> messages = new ArrayList<>();
        for (int from = 0; from < logins.size(); from += LOGINS_AT_ONCE) {
            messages.add(
                    new HandOverMessage.LastLogins(logins.subList(from, Math.min(from + LOGINS_AT_ONCE, logins.size()))
                            .stream()
                            .map(HandOverBooks::lastLogin)
                            .toList()));
        }
        return messages;
    }

    private static HandOverMessage.LastLogin lastLogin(LoginView view) {
        return new HandOverMessage.LastLogin(view.user(), Optional.ofNullable(view.lastLogin()),
                Optional.ofNullable(view.lastFailure()), Optional.ofNullable(view.lastFailureReason()),
                Optional.ofNullable(view.address()), Optional.ofNullable(view.from()));
    }

    /** The other way round. */
    static LoginView view(HandOverMessage.LastLogin login) {
        return new LoginView(login.user(), login.login().orElse(null), login.failure().orElse(null),
                login.failureReason().orElse(null), login.address().orElse(null), login.from().orElse(null));
    }
}
