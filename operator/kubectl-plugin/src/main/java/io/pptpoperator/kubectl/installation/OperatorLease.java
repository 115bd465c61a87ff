package io.pptpoperator.kubectl.installation;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.pptpoperator.operator.leader.Leadership;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the installation's Lease says of the operator. While nobody renews it, nothing that anybody changes takes effect,
 * and every status says what was true before.
 *
 * @param namespace where it is
 * @param state what it comes to
 * @param holder who has it, or had it
 * @param since when it was last renewed
 * @param pods the operator's pods there
 */
public record OperatorLease(OperatorNamespace namespace, State state, Optional<String> holder, Optional<Instant> since,
        List<String> pods) {

    /** What a Lease comes to. */
    public enum State {
        /** An operator renews it. */
        HELD,
        /** Somebody renews it who is no pod of the operator, although there are some. */
        HELD_BY_STRANGER,
        /** Nobody renews it any more. */
        RUN_OUT,
        /** The last operator gave it back when it ended. */
        GIVEN_BACK,
        /** There is none, nor a pod of the operator. */
        MISSING,
        /** There is none, but a pod of the operator: it runs without leader election, or has just begun. */
        NOT_TAKEN,
        /** The person may not look. */
        FORBIDDEN
    }

    /** What operators write as holder: the pod's name, and what tells its processes apart. */
    private static final Pattern IDENTITY = Pattern.compile("(.+)_[0-9a-f]{8}");

    /** Takes a copy of the list. */
    public OperatorLease {
        pods = List.copyOf(pods);
    }

    static OperatorLease forbidden(OperatorNamespace namespace) {
        return new OperatorLease(namespace, State.FORBIDDEN, Optional.empty(), Optional.empty(), List.of());
    }

    static OperatorLease missing(OperatorNamespace namespace, List<String> pods) {
        return new OperatorLease(namespace, pods.isEmpty() ? State.MISSING : State.NOT_TAKEN, Optional.empty(),
                Optional.empty(), pods);
    }

    /**
     * What a Lease comes to.
     *
     * @param renewed whether somebody renews it at present
     * @param pods the operator's pods in its namespace, as far as the person sees them
     */
    static OperatorLease of(OperatorNamespace namespace, Lease lease, boolean renewed, List<String> pods) {
        Optional<String> holder = Optional.ofNullable(lease.getSpec().getHolderIdentity()).filter(it -> !it.isBlank());
        Optional<Instant> since = Optional.ofNullable(lease.getSpec().getRenewTime())
                .map(ZonedDateTime::toInstant)
                .map(it -> it.truncatedTo(ChronoUnit.SECONDS));
        State state = holder.isEmpty()
                ? State.GIVEN_BACK
                : !renewed ? State.RUN_OUT : isStranger(holder.get(), pods) ? State.HELD_BY_STRANGER : State.HELD;
        return new OperatorLease(namespace, state, holder, since, pods);
    }

    private static boolean isStranger(String holder, List<String> pods) {
        Matcher identity = IDENTITY.matcher(holder);
        return !identity.matches() || !pods.isEmpty() && !pods.contains(identity.group(1));
    }

    /** Whether it is certain that no operator is at work. */
    public boolean isAbandoned() {
        return switch (state) {
            case RUN_OUT, GIVEN_BACK, HELD_BY_STRANGER -> true;
            case MISSING -> namespace.sure();
            case HELD, NOT_TAKEN, FORBIDDEN -> false;
        };
    }

    /** Namespace and name. */
    public String key() {
        return namespace.name() + "/" + Leadership.LEASE;
    }

    /** What it comes to, as a sentence without a full stop. */
    public String sentence() {
        String nothing = "; nothing you change takes effect";
        return switch (state) {
            case HELD -> "an operator is running (" + holder.orElseThrow() + ")";
            case HELD_BY_STRANGER -> holder.orElseThrow() + " holds it, and is no pod of the operator"
                    + (pods.isEmpty() ? "" : " (" + String.join(", ", pods) + ")")
                    + ": as long as it does, no operator is at work" + nothing;
            case RUN_OUT ->
                "no operator is running since " + time() + " (" + holder.orElseThrow() + " was the last)" + nothing;
            case GIVEN_BACK -> "no operator is running since " + time() + ", when the last one ended" + nothing;
            case MISSING -> namespace.sure()
                    ? "no operator is running: there is neither its Lease nor a pod of it" + nothing
                    : "whether an operator is running is not known: there is no Lease, where an installation usually"
                            + " has one";
            case NOT_TAKEN -> "whether an operator is at work is not known: there is no Lease, but "
                    + String.join(", ", pods) + ", which may have just started, or run with --leader-election=false";
            case FORBIDDEN -> "whether an operator is running is not known: you may not read its Lease";
        };
    }

    private String time() {
        return since.map(Instant::toString).orElse("an unknown time");
    }

    /** What to do about it, the likeliest first; nothing when all is well. */
    public List<String> remedies() {
        String elsewhere = "if the operator is in another namespace: --operator-namespace";
        return switch (state) {
            case HELD -> List.of();
            case HELD_BY_STRANGER -> List.of("end that program, or have it use a Lease of its own; then: kubectl delete"
                    + " lease -n " + namespace.name() + " " + Leadership.LEASE);
            case RUN_OUT, GIVEN_BACK, MISSING -> Stream.of(
                    "kubectl get pods -n " + namespace.name() + " -l app.kubernetes.io/name=pptp-operator: without one,"
                            + " the Deployment's events say why (or its replicas are 0)",
                    "a pod that starts again and again says why: kubectl logs -n " + namespace.name()
                            + " deployment/pptp-operator --previous",
                    elsewhere).toList();
            case NOT_TAKEN -> List.of("kubectl logs -n " + namespace.name() + " deployment/pptp-operator", elsewhere);
            case FORBIDDEN ->
                List.of("Role pptp-operator-sessions of namespace " + namespace.name() + " allows it", elsewhere);
        };
    }
}
