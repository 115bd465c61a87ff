package io.pptpoperator.operator.reconciler.reporting;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnProfileStatus;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.event.EventReason;
import io.pptpoperator.operator.event.EventRecorder;
import io.pptpoperator.operator.reconciler.controller.ServerStates;
import io.pptpoperator.operator.roster.ServerProfiles;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.ProfileFacts;
import io.pptpoperator.operator.status.StatusQueue;
import io.pptpoperator.operator.status.VpnProfileStatuses;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Works out the status of VpnProfiles, and writes it where it is not what the resource says. */
public final class ProfileStatusWriter {

    /** Numbers alone are told so often at most: with many users they change all the time. */
    private static final Duration BETWEEN_NUMBERS = Duration.ofSeconds(30);

    private final StatusPatch patch;
    private final Caches caches;
    private final ServerStates states;
    private final EventRecorder events;
    private final StatusQueue statuses;
    private final Clock clock;
    private final LastWritten<VpnProfileStatus> written;
    private final Map<ObjectKey, Instant> told = new ConcurrentHashMap<>();

    /** Puts together what statuses are worked out from. */
    public ProfileStatusWriter(StatusPatch patch, Caches caches, ServerStates states, EventRecorder events,
            StatusQueue statuses, Clock clock) {
        this.patch = patch;
        this.caches = caches;
        this.states = states;
        this.events = events;
        this.statuses = statuses;
        this.clock = clock;
        written = new LastWritten<>(clock);
    }

    /** Writes the status of a profile, if it has to be. */
    public void write(ObjectKey key) {
        Optional<VpnProfile> found = caches.profiles().get(key);
        statuses.forgetDate(VpnProfile.class, key);
        if (found.isEmpty()) {
            written.remove(key);
            told.remove(key);
            return;
        }
        VpnProfile profile = written.upToDate(found.get(), new VpnProfile());
        VpnProfileStatus before = profile.getStatus();
        Instant now = clock.instant();
        VpnProfileStatus after = VpnProfileStatuses.of(facts(profile), now);
        if (after.equals(before)) {
            return;
        }
        Instant next = told.getOrDefault(key, Instant.EPOCH).plus(BETWEEN_NUMBERS);
        if (before != null && after.conditions().equals(before.conditions()) && next.isAfter(now)) {
            statuses.offerAt(VpnProfile.class, key, next);
            return;
        }
        if (patch.write(found.get(), new VpnProfile(), after)) {
            written.put(found.get(), after);
            told.put(key, now);
            report(found.get(), before, after);
        }
    }

    private ProfileFacts facts(VpnProfile profile) {
        var problems = new ArrayList<String>();
        ServerProfiles.config(profile, problems);
        var users = new TreeMap<ObjectKey, Integer>();
        var outside = new TreeMap<ObjectKey, List<String>>();
        for (PptpServer server : caches.servers().stream().toList()) {
            ObjectKey key = ObjectKey.of(server);
            Integer count = states.get(key)
                    .filter(it -> key.namespace().equals(profile.getMetadata().getNamespace()))
                    .map(it -> it.profiles().users().get(profile.getMetadata().getName()))
                    .orElse(null);
            if (count != null) {
                users.put(key, count);
                List<String> networks = problems.isEmpty() ? outside(profile, server) : List.of();
                if (!networks.isEmpty()) {
                    outside.put(key, networks);
                }
            }
        }
        return new ProfileFacts(profile, problems, users, outside);
    }

    /** Networks of the profile that no network of the server's has a part of. */
    private static List<String> outside(VpnProfile profile, PptpServer server) {
        if (!server.isReadable() || server.getSpec().allowedDestinations().isEmpty()) {
            return List.of();
        }
        List<Ipv4Prefix> given = server.getSpec().allowedDestinations().stream().map(Ipv4Prefix::parse).toList();
        return profile.getSpec()
                .allowedDestinations()
                .stream()
                .filter(it -> given.stream().noneMatch(Ipv4Prefix.parse(it)::overlaps))
                .toList();
    }

    private void report(VpnProfile profile, VpnProfileStatus before, VpnProfileStatus after) {
        Condition now = Conditions.find(after.conditions(), VpnProfileStatuses.READY).orElseThrow();
        Optional<Condition> was = Optional.ofNullable(before)
                .flatMap(it -> Conditions.find(it.conditions(), VpnProfileStatuses.READY));
        if (now.status() == Condition.Status.False
                && was.filter(it -> it.reason().equals(now.reason()) && it.status() == now.status()).isEmpty()) {
            events.record(profile, EventReason.Rejected, now.message());
        } else if (now.status() == Condition.Status.True
                && was.filter(it -> it.status() == Condition.Status.False).isPresent()) {
            events.record(profile, EventReason.Accepted, now.message());
        }
    }
}
