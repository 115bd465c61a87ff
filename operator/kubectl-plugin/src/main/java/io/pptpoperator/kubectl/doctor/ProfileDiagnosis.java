package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.RateLimit;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnProfileSpec;
import io.pptpoperator.crds.VpnProfileStatus;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.operator.roster.ServerProfiles;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.VpnProfileStatuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user's profile limits, at each server that was examined. */
final class ProfileDiagnosis {

    private ProfileDiagnosis() {}

    /** One finding for each server at which the user has one that can be seen; a user without one has none. */
    static List<Finding> of(UserExam exam, VpnUser user) {
        var findings = new ArrayList<Finding>();
        for (PptpServer server : exam.servers()) {
            UserExam.profile(user, server, exam.profiles())
                    .ifPresent(profile -> findings.add(finding(exam, user, server, profile)));
        }
        return findings;
    }

    private static Finding finding(UserExam exam, VpnUser user, PptpServer server, VpnProfile profile) {
        String subject = UserDiagnosis.subject(user);
        String name = "profile " + profile.getMetadata().getName() + " at PptpServer " + server.getMetadata().getName();
        Optional<Condition> ready = Optional.ofNullable(profile.getStatus())
                .map(VpnProfileStatus::conditions)
                .flatMap(it -> Conditions.find(it, VpnProfileStatuses.READY))
                .filter(it -> it.status() == Condition.Status.False);
        if (ready.isPresent()) {
            return new Finding(Finding.Level.WARNING, subject,
                    name + ": " + ready.get().reason() + ": " + ready.get().message(),
                    Remedies.of(ready.get().reason()), List.of());
        }
        if (isClosed(profile, exam)) {
            return Finding.problem(subject, name + " does not let it in at this hour: " + hours(profile),
                    "hours of the VpnProfile, or another profile");
        }
        List<String> limits = limits(profile.getSpec());
        return Finding.ok(subject,
                limits.isEmpty() ? name + " limits nothing" : name + ": " + String.join("; ", limits));
    }

    private static boolean isClosed(VpnProfile profile, UserExam exam) {
        return ServerProfiles.config(profile, new ArrayList<>())
                .flatMap(ProfileConfig::hours)
                .filter(it -> !it.openingHours().at(exam.now()).isOpen())
                .isPresent();
    }

    private static String hours(VpnProfile profile) {
        return String.join(", ", profile.getSpec().hours().windows()) + " (" + profile.getSpec().hours().timeZone()
                + ")";
    }

    private static List<String> limits(VpnProfileSpec spec) {
        var limits = new ArrayList<String>();
        if (!spec.allowedDestinations().isEmpty()) {
            limits.add("may reach " + String.join(", ", spec.allowedDestinations())
                    + ", as far as the server's allowedDestinations");
        }
        if (Boolean.TRUE.equals(spec.isolateClients())) {
            limits.add("no other clients");
        }
        RateLimit rate = spec.rateLimit();
        if (rate != null) {
            limits.add((rate.upload() == null ? "any rate" : rate.upload()) + " up, "
                    + (rate.download() == null ? "any rate" : rate.download()) + " down");
        }
        if (spec.hours() != null) {
            limits.add("logged in " + String.join(", ", spec.hours().windows()) + " (" + spec.hours().timeZone() + ")");
        }
        VpnProfileSpec.SessionPolicy policy = spec.sessionPolicy();
        if (policy != null) {
            Optional.ofNullable(policy.perUser())
                    .ifPresent(it -> limits.add(it == 0 ? "any number of sessions" : it + " sessions at once"));
            Optional.ofNullable(policy.idleTimeout()).ifPresent(it -> limits.add("ends after " + it + " of silence"));
            Optional.ofNullable(policy.maxDuration()).ifPresent(it -> limits.add("ends after " + it));
        }
        return limits;
    }
}
