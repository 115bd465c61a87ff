package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.SessionPolicy;
import io.pptpoperator.crds.VpnProfileSpec;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.kubectl.doctor.UserExam.SecretState;
import io.pptpoperator.kubectl.logs.LogLine;
import io.pptpoperator.kubectl.text.Quantities;
import io.pptpoperator.kubectl.user.UserPassword;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.UserFacts.NotServing;
import io.pptpoperator.operator.status.VpnUserStatuses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What keeps a user out. Pure: from what was looked up to findings. */
final class UserDiagnosis {

    private static final Duration RECENT = Duration.ofDays(1);

    /** Reasons of a user's condition that are about the Secret with its password. */
    private static final Set<String> PASSWORD_REASONS = Set.of("SecretNotFound", "SecretKeyNotFound",
            "PasswordNotGenerated");

    private final UserExam exam;
    private final VpnUser user;
    private final String subject;
    private final List<Finding> findings = new ArrayList<>();

    private UserDiagnosis(UserExam exam, VpnUser user) {
        this.exam = exam;
        this.user = user;
        subject = subject(user);
    }

    /** What findings about a user are about. */
    static String subject(VpnUser user) {
        return "VpnUser " + user.getMetadata().getName();
    }

    static List<Finding> of(UserExam exam) {
        List<PptpServer> askingRadius = exam.servers()
                .stream()
                .filter(it -> it.getSpec().users().source().asksRadius())
                .toList();
        if (exam.user().isEmpty() && !askingRadius.isEmpty()) {
            return ofRadius(exam, askingRadius);
        }
        if (exam.user().isEmpty()) {
            return List.of(Finding.problem("VpnUser " + exam.name(), "there is none in this namespace",
                    "kubectl get vpnusers -A lists all", "kubectl pptp add-user " + exam.name()));
        }
        var diagnosis = new UserDiagnosis(exam, exam.user().get());
        VpnUserStatus status = diagnosis.user.getStatus();
        diagnosis.secret();
        diagnosis.operatorKnowsIt();
        if (status != null) {
            diagnosis.conditions(status);
            diagnosis.sessions(status);
            diagnosis.lastFailure(status);
        }
        diagnosis.sources();
        diagnosis.findings.addAll(ProfileDiagnosis.of(exam, diagnosis.user));
        return diagnosis.findings;
    }

    /** Of somebody whom RADIUS servers know, or nobody does. */
    private static List<Finding> ofRadius(UserExam exam, List<PptpServer> servers) {
        String subject = "user " + exam.name();
        var findings = new ArrayList<Finding>();
        findings.add(Finding.ok(subject, "no VpnUser has this name: the RADIUS servers of "
                + servers.stream().map(ServerDiagnosis::subject).collect(Collectors.joining(", ")) + " decide"));
        if (exam.lastLine().isEmpty()) {
            findings.add(Finding.unknown(subject,
                    "the pods' logs of the last hour have nothing about it; they do not name whom RADIUS rejects",
                    "the RADIUS server's own log says whether it was asked, and what it answered",
                    "kubectl pptp logs " + exam.name() + " --since 7d"));
            return findings;
        }
        LogLine line = exam.lastLine().get();
        String reason = line.values().getOrDefault("reason", "");
        List<String> remedies = switch (reason) {
            case "radius-rejected" -> List.of("the RADIUS server's own log says why (FreeRADIUS: freeradius -X)",
                    "for DOMAIN\\user FreeRADIUS needs with_ntdomain_hack = yes in mods-enabled/mschap");
            case "radius-unreachable", "no-decision" ->
                List.of("the condition RadiusReachable of the PptpServer names the server, and what is the matter");
            case "outside-hours" -> List.of("the hours of the user's profile, and their time zone, allow other times");
            case "quota-used-up" -> List.of("the user's quota is used up until its period is over, or it is raised");
            case "profile-missing" -> List.of("the profile that the user names must be there");
            case "session-limit" -> List.of("kubectl pptp kick " + exam.name()
                    + ", a higher sessionPolicy.perUser, or Port-Limit in the RADIUS server's answer");
            default -> List.of();
        };
        String found = "last in the log, " + line.time() + ": " + line.message()
                + (reason.isEmpty() ? "" : " (" + reason + ")");
        findings.add(remedies.isEmpty()
                ? Finding.ok(subject, found)
                : new Finding(Finding.Level.PROBLEM, subject, found, remedies, List.of()));
        return findings;
    }

    /** While no operator is at work, the finding about that has this among its consequences. */
    private void operatorKnowsIt() {
        if (exam.operatorGone() || user.isObserved()) {
            return;
        }
        if (user.getStatus() == null) {
            findings.add(Finding.problem(subject, "the operator has not looked at it",
                    "does it watch this namespace? its installation may name some only",
                    "its log says what keeps it: kubectl logs -A -l app.kubernetes.io/name=pptp-operator"));
        } else {
            findings.add(Finding.warning(subject, "the operator has not looked at its last change yet",
                    "normal for a few seconds; for longer: the operator's log says what keeps it"));
        }
    }

    private void secret() {
        UserPassword place = UserPassword.of(user);
        if (exam.secret() != SecretState.THERE && PASSWORD_REASONS.contains(reason())) {
            // What is wrong with the Secret is then why the user is not accepted, and said there.
            return;
        }
        switch (exam.secret()) {
            case THERE -> findings.add(Finding.ok(subject, "its password is in Secret " + place.secret()));
            case MISSING ->
                findings.add(Finding.problem(subject, "there is no Secret " + place.secret() + " with its password",
                        "kubectl pptp password " + exam.name() + " --rotate makes it"));
            case WITHOUT_KEY ->
                findings.add(Finding.problem(subject, "Secret " + place.secret() + " has no key " + place.key(),
                        "kubectl pptp password " + exam.name() + " --rotate sets it"));
            case WITHOUT_MARK ->
                findings.add(Finding.problem(subject, "Secret " + place.secret() + " is not marked as one for VpnUsers",
                        PasswordMark.command(new ObjectKey(user.getMetadata().getNamespace(), place.secret()))));
            case FORBIDDEN -> findings.add(Finding.unknown(subject, "you may not look at Secret " + place.secret()));
        }
    }

    /** The reason of condition Ready; empty without one. */
    private String reason() {
        return Optional.ofNullable(user.getStatus())
                .flatMap(it -> Conditions.find(it.conditions(), VpnUserStatuses.READY))
                .map(Condition::reason)
                .orElse("");
    }

    private List<String> remedies(Condition condition) {
        var remedies = new ArrayList<String>();
        if (PASSWORD_REASONS.contains(condition.reason())) {
            UserPassword place = UserPassword.of(user);
            switch (exam.secret()) {
                case MISSING, WITHOUT_KEY ->
                    remedies.add("kubectl pptp password " + exam.name() + " --rotate makes one, and prints it");
                case WITHOUT_MARK -> remedies
                        .add(PasswordMark.command(new ObjectKey(user.getMetadata().getNamespace(), place.secret())));
                case THERE, FORBIDDEN -> {
                }
            }
        }
        remedies.addAll(Remedies.of(condition.reason()));
        return remedies;
    }

    /** Whether a server that was examined has the user's trouble among its own one's consequences. */
    private boolean isServersTrouble(Condition condition) {
        return condition.reason().equals(NotServing.NotApplied.name()) && exam.servers()
                .stream()
                .filter(it -> it.getStatus() != null)
                .flatMap(it -> Conditions.find(it.getStatus().conditions(), PptpServerStatuses.RECONCILED).stream())
                .anyMatch(it -> it.status() == Condition.Status.False);
    }

    private void conditions(VpnUserStatus status) {
        Optional<Condition> ready = Conditions.find(status.conditions(), VpnUserStatuses.READY);
        Optional<Condition> accepted = Conditions.find(status.conditions(), VpnUserStatuses.ACCEPTED);
        if (ready.filter(it -> it.status() == Condition.Status.True).isPresent()) {
            findings.add(user.isObserved()
                    ? Finding.ok(subject, ready.get().message())
                    : Finding.unknown(subject, "before its last change: " + ready.get().message()));
            accepted.filter(it -> it.status() == Condition.Status.False)
                    .ifPresent(it -> findings.add(new Finding(Finding.Level.WARNING, subject,
                            it.reason() + ": " + it.message(), remedies(it), List.of())));
        } else {
            ready.filter(it -> !isServersTrouble(it))
                    .ifPresent(it -> findings.add(new Finding(Finding.Level.PROBLEM, subject,
                            it.reason() + ": " + it.message(), remedies(it), List.of())));
        }
    }

    private void sessions(VpnUserStatus status) {
        int now = status.sessions() == null ? 0 : status.sessions();
        for (PptpServer server : exam.servers()) {
            SessionPolicy policy = server.getSpec().sessionPolicy();
            int limit = Optional.ofNullable(user.getSpec().maxSessions())
                    .or(() -> UserExam.profile(user, server, exam.profiles())
                            .map(it -> it.getSpec().sessionPolicy())
                            .map(VpnProfileSpec.SessionPolicy::perUser))
                    .orElse(policy.perUser());
            if (policy.whenExceeded() == SessionPolicy.WhenExceeded.Deny && limit > 0 && now >= limit) {
                findings.add(Finding.problem(subject,
                        "it has " + now + " of " + limit + " sessions, and PptpServer " + server.getMetadata().getName()
                                + " refuses more",
                        "kubectl pptp kick " + exam.name() + " ends them",
                        "sessionPolicy.whenExceeded Replace, or a higher maxSessions of the VpnUser"));
            }
        }
        if (status.session() != null) {
            findings.add(Finding.ok(subject, "connected from " + status.session().from() + " since "
                    + Quantities.age(Duration.between(status.session().since(), exam.now()))));
        }
    }

    private void lastFailure(VpnUserStatus status) {
        VpnUserStatus.LoginFailure failure = status.lastFailure();
        boolean overcome = failure != null && status.lastLogin() != null && status.lastLogin().isAfter(failure.time());
        if (failure == null || overcome || failure.time().isBefore(exam.now().minus(RECENT))) {
            return;
        }
        findings.add(new Finding(
                Finding.Level.WARNING, subject, "its last login was refused "
                        + Quantities.age(Duration.between(failure.time(), exam.now())) + " ago: " + failure.reason(),
                remedies(failure.reason()), List.of()));
    }

    private List<String> remedies(String reason) {
        return switch (reason) {
            case "bad-credentials" -> List.of("Windows shows error 691: the password, letter for letter; kubectl pptp"
                    + " password " + exam.name() + " shows it", "the name that the client sends: " + user.username());
            case "too-many-failures" -> List.of(
                    "somebody tried many wrong passwords for it: kubectl pptp logs " + exam.name() + " says from where",
                    "the right password is accepted again after a minute");
            case "encryption-refused" -> List.of(
                    "the password is right, and client and server found no common MPPE: kubectl pptp logs "
                            + exam.name() + " says what each insisted on",
                    "pppd: require-mppe-128; 2.5.0 to 2.5.2 take require-mppe for 40 bits alone. NetworkManager: nmcli"
                            + " connection modify NAME +vpn.data require-mppe-128=yes,require-mppe=no",
                    "Windows (errors 741, 742): data encryption required, or maximum strength",
                    "or let the server take less: encryption.policy, encryption.keyLengths, encryption.allowStateful");
            case "method-not-possible" ->
                List.of("only the NT hash is known, and the client insisted on PAP or CHAP-MD5");
            case "source-not-allowed" -> List.of("allowedSources of the VpnUser must hold the client's address");
            case "session-limit" -> List.of("kubectl pptp kick " + exam.name() + ", or a higher sessions limit");
            case "outside-hours" -> List.of("hours of its VpnProfile: the finding about the profile has them");
            case "profile-missing" -> List.of("normal for a moment after a profile was made; for longer:"
                    + " the VpnUser's condition Ready says what is wrong");
            case "no-address" ->
                List.of("add addresses to the server's pools", "its static address may be in use by an older session");
            case "timeout" -> List.of("the client did not answer: packet loss, or a firewall that drops GRE one way");
            default -> Remedies.of(reason.equals("disabled") ? "Disabled" : reason.equals("expired") ? "Expired" : "");
        };
    }

    private void sources() {
        if (!user.getSpec().allowedSources().isEmpty()) {
            findings.add(Finding.warning(subject,
                    "it may connect from " + String.join(", ", user.getSpec().allowedSources()) + " only",
                    "the server sees the client's address behind its NAT; compare with the log: kubectl pptp logs "
                            + exam.name()));
        }
    }
}
