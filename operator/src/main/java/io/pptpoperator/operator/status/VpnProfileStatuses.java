package io.pptpoperator.operator.status;

import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnProfileStatus;
import io.pptpoperator.operator.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Works out the status of a VpnProfile from facts. */
public final class VpnProfileStatuses {

    /** Whether users get all that the profile says. */
    public static final String READY = "Ready";
    /** Whether it can be had at all. */
    public static final String ACCEPTED = "Accepted";

    private VpnProfileStatuses() {}

    /** The status of a profile; equal facts give equal statuses, except for the times of conditions that change. */
    public static VpnProfileStatus of(ProfileFacts facts, Instant time) {
        VpnProfile profile = facts.profile();
        Optional<VpnProfileStatus> before = Optional.ofNullable(profile.getStatus());
        var conditions = new Conditions(before.map(VpnProfileStatus::conditions).orElse(List.of()),
                profile.getMetadata().getGeneration(), time.truncatedTo(ChronoUnit.SECONDS));
        ready(conditions, facts);
        if (facts.problems().isEmpty()) {
            conditions.set(ACCEPTED, true, "Accepted", "VpnUsers can have it");
        } else {
            conditions.set(ACCEPTED, false, "InvalidSpec", nobody(facts));
        }
        int users = facts.users().values().stream().mapToInt(it -> it).sum();
        return new VpnProfileStatus(profile.getMetadata().getGeneration(), conditions.list(), users,
                facts.users().keySet().stream().map(ObjectKey::name).toList());
    }

    private static void ready(Conditions conditions, ProfileFacts facts) {
        if (facts.profile().isBeingDeleted()) {
            conditions.set(READY, false, "BeingDeleted", "is being deleted, and held only by finalizers "
                    + facts.profile().getMetadata().getFinalizers() + ": nobody gets it any more");
        } else if (!facts.problems().isEmpty()) {
            conditions.set(READY, false, "InvalidSpec", nobody(facts));
        } else if (!facts.outside().isEmpty()) {
            conditions.set(READY, false, "OutsideServersDestinations",
                    facts.outside()
                            .entrySet()
                            .stream()
                            .map(it -> "spec.allowedDestinations: " + String.join(", ", it.getValue())
                                    + " cannot be reached through PptpServer " + it.getKey().name()
                                    + ", whose allowedDestinations do not have it")
                            .collect(Collectors.joining("; ")));
        } else if (facts.users().isEmpty()) {
            conditions.set(READY, true, "Unused", "no VpnUser that is served has it");
        } else {
            conditions.set(READY, true, "InForce", "in force at "
                    + facts.users().keySet().stream().map(ObjectKey::name).collect(Collectors.joining(", ")));
        }
    }

    private static String nobody(ProfileFacts facts) {
        return "VpnUsers with it are not served: " + String.join("; ", facts.problems());
    }
}
