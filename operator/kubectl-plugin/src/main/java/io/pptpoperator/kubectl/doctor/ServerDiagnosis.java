package io.pptpoperator.kubectl.doctor;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.Condition.Status;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.UserSelection;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.LastEnd;
import io.pptpoperator.operator.status.PptpServerStatuses;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps clients from a server. Pure: from what was looked up to findings. What follows from one cause stands below it
 * and is no finding of its own.
 */
final class ServerDiagnosis {

    private final ServerExam exam;
    private final PptpServer server;
    private final String subject;
    private final List<Finding> findings = new ArrayList<>();

    private ServerDiagnosis(ServerExam exam) {
        this.exam = exam;
        server = exam.server();
        subject = subject(server);
    }

    /** What findings about a server are about. */
    static String subject(PptpServer server) {
        return "PptpServer " + server.getMetadata().getName();
    }

    static List<Finding> of(ServerExam exam) {
        var diagnosis = new ServerDiagnosis(exam);
        if (diagnosis.operatorKnowsIt()) {
            diagnosis.conditions();
        }
        diagnosis.findings.addAll(PathDiagnosis.of(exam));
        return diagnosis.findings;
    }

    private boolean operatorKnowsIt() {
        boolean known = server.getStatus() != null && server.getStatus().observedGeneration() != null;
        if (exam.operatorGone()) {
            // The finding about the operator has it among its consequences.
            return known;
        }
        if (!known) {
            findings.add(Finding.problem(subject, "the operator has not looked at it",
                    "does it watch this namespace? its installation may name some only",
                    "its log says what keeps it: kubectl logs -A -l app.kubernetes.io/name=pptp-operator"));
        } else if (!server.isObserved()) {
            findings.add(Finding.warning(subject, "the operator has not looked at its last change yet",
                    "normal for a few seconds; for longer: the operator's log says what keeps it"));
        }
        return known;
    }

    private void conditions() {
        Optional<Condition> reconciled = notTrue(PptpServerStatuses.RECONCILED);
        Optional<Condition> dataPlane = notTrue(PptpServerStatuses.DATA_PLANE_READY);
        boolean down = exam.pods().stream().noneMatch(PptpServerStatuses::isReady);
        if (!down) {
            ready();
        }
        var users = new ArrayList<String>();
        exam.user().ifPresent(user -> {
            if (reconciled.isPresent()) {
                users.add("VpnUser " + user + ": what was changed about it does not apply here");
            }
        });
        // Without any pod, what keeps them from being made is what there is to say of them.
        boolean neverMade = reconciled.isPresent() && exam.pods().isEmpty();
        reconciled.ifPresent(it -> findings
                .add(finding(it).leadingTo(users).leadingTo(neverMade ? whileDown(it.message()) : List.of())));
        if (!neverMade && (down || dataPlane.isPresent())) {
            Finding cause = dataPlane.map(this::finding)
                    .orElseGet(() -> Finding.problem(subject, "no pod is ready",
                            "kubectl get pods -l pptp-operator.io/server=" + server.getMetadata().getName()
                                    + " -o wide"));
            findings.add(cause.leadingTo(podsTroubles(cause.found()))
                    .leadingTo(down ? whileDown(cause.found()) : List.of()));
        } else {
            restarts();
        }
        if (!down) {
            notTrue(PptpServerStatuses.ADDRESS_AVAILABLE).ifPresent(it -> findings.add(finding(it)));
            findings.addAll(PathDiagnosis.dialled(exam));
        }
        radius();
        Set<String> said = new LinkedHashSet<>(dataPlane.stream().map(Condition::reason).toList());
        for (String type : List.of(PptpServerStatuses.USERS_ACCEPTED, PptpServerStatuses.POOLS_SUFFICIENT,
                PptpServerStatuses.CONFIGURATION_APPLIED)) {
            notTrue(type).filter(it -> said.add(it.reason())).ifPresent(it -> findings.add(finding(it)));
        }
    }

    /** RADIUS servers keep everybody out when none answers, and those alone decide. */
    private void radius() {
        Conditions.find(server.getStatus().conditions(), PptpServerStatuses.RADIUS_REACHABLE).ifPresent(it -> {
            String found = it.reason() + ": " + it.message();
            UserSelection.Source source = server.getSpec().users().source();
            findings.add(switch (it.status()) {
                case True -> Finding.ok(subject, "RADIUS: " + it.message());
                case Unknown -> Finding.unknown(subject, "RADIUS: " + it.message());
                case False -> new Finding(source.asksRadius() && !PptpServerStatuses.someRadiusAnswers(it)
                        ? Finding.Level.PROBLEM
                        : Finding.Level.WARNING, subject, found, Remedies.ofRadius(it.reason()), List.of());
            });
        });
    }

    /** That clients can connect, be it to some of the pods. */
    private void ready() {
        isTrue(PptpServerStatuses.READY).or(() -> isTrue(PptpServerStatuses.AVAILABLE))
                .ifPresent(it -> findings.add(server.isObserved()
                        ? Finding.ok(subject, it.message())
                        : Finding.unknown(subject, "before its last change: " + it.message())));
    }

    private Optional<Condition> isTrue(String type) {
        return Conditions.find(server.getStatus().conditions(), type).filter(it -> it.status() == Status.True);
    }

    private Optional<Condition> notTrue(String type) {
        return Conditions.find(server.getStatus().conditions(), type).filter(it -> it.status() == Status.False);
    }

    private Finding finding(Condition condition) {
        return new Finding(level(condition), subject, condition.reason() + ": " + condition.message(),
                Remedies.of(condition.reason(), condition.message()), List.of());
    }

    /** Missing pods beside others that serve, users who are left out and tight pools are a trouble for some, not for all. */
    private Finding.Level level(Condition condition) {
        return switch (condition.type()) {
            case PptpServerStatuses.RECONCILED, PptpServerStatuses.ADDRESS_AVAILABLE -> Finding.Level.PROBLEM;
            case PptpServerStatuses.DATA_PLANE_READY ->
                isTrue(PptpServerStatuses.AVAILABLE).isPresent() ? Finding.Level.WARNING : Finding.Level.PROBLEM;
            default -> condition.reason().equals("PoolExhausted") ? Finding.Level.PROBLEM : Finding.Level.WARNING;
        };
    }

    /** What Kubernetes tells of pods that are not ready, as far as it was not said already. */
    private List<String> podsTroubles(String said) {
        var troubles = new ArrayList<String>();
        for (Pod pod : exam.pods()) {
            String name = pod.getMetadata().getName();
            Optional.ofNullable(exam.warnings().get(name))
                    .filter(it -> !said.contains(it))
                    .ifPresent(it -> troubles.add("Kubernetes says of pod " + name + ": " + it));
            restarts(pod).ifPresent(times -> troubles.add("pod " + name + " was restarted " + times
                    + LastEnd.of(pod).filter(it -> !said.contains(it)).map(it -> ": " + it).orElse("")));
        }
        return troubles;
    }

    /** Of pods that serve again. */
    private void restarts() {
        for (Pod pod : exam.pods()) {
            String name = pod.getMetadata().getName();
            restarts(pod).ifPresent(times -> findings.add(Finding.warning("pod " + name,
                    "it was restarted " + times + LastEnd.of(pod).map(it -> ": " + it).orElse(""),
                    "kubectl logs --previous " + name)));
        }
    }

    private static Optional<String> restarts(Pod pod) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus()
                        .getContainerStatuses()
                        .stream()
                        .filter(it -> it.getRestartCount() != null && it.getRestartCount() > 0)
                        .map(it -> it.getRestartCount() == 1 ? "once" : it.getRestartCount() + " times")
                        .findFirst();
    }

    /** What follows when no pod is ready. */
    private List<String> whileDown(String said) {
        var follows = new ArrayList<String>();
        if (!said.contains("no pod is ready")) {
            follows.add("no pod is ready, and nobody can connect");
        }
        if (exam.reached().isEmpty() && notTrue(PptpServerStatuses.ADDRESS_AVAILABLE).isPresent()) {
            follows.add("there is no address to dial");
        }
        PathDiagnosis.dialled(exam)
                .stream()
                .filter(it -> it.level() == Finding.Level.PROBLEM)
                .forEach(it -> follows.add(it.subject() + ": " + it.found()));
        return follows;
    }
}
