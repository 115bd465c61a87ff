package io.pptpoperator.operator.status;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.Condition.Status;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Puts a resource's conditions together. A condition keeps its {@code lastTransitionTime} while its status stays, so
 * that computing the same conditions again changes nothing.
 */
public final class Conditions {

    private final List<Condition> before;
    private final Long generation;
    private final Instant now;
    private final SequencedMap<String, Condition> conditions = new LinkedHashMap<>();

    /**
     * Conditions of one resource.
     *
     * @param before what the resource has now
     * @param generation the generation they are found out for
     * @param now the time, whole seconds
     */
    public Conditions(List<Condition> before, Long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    /** Sets a condition. */
    public Conditions set(String type, Status status, String reason, String message) {
        Instant since = find(before, type).filter(it -> it.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        conditions.put(type, new Condition(type, status, generation, since, reason, message));
        return this;
    }

    /** Sets a condition to True or False. */
    public Conditions set(String type, boolean given, String reason, String message) {
        return set(type, given ? Status.True : Status.False, reason, message);
    }

    /** The first of these conditions that is not True. */
    public Optional<Condition> firstNotTrue(List<String> types) {
        return types.stream().map(conditions::get).filter(it -> it != null && it.status() != Status.True).findFirst();
    }

    /** All of them, in the order in which they were set. */
    public List<Condition> list() {
        return List.copyOf(conditions.values());
    }

    /** The condition of a type. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream().filter(it -> it.type().equals(type)).findFirst();
    }
}
