package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A resource that reading never fails for. What of its spec cannot be read is left out and noted here, so that one
 * object never keeps a whole list from being read. Whoever acts on a spec has to ask first whether it says all that was
 * meant: what is missing is not what was written.
 *
 * @param <S> the spec
 * @param <T> the status
 */
public abstract class TolerantResource<S, T> extends CustomResource<S, T> implements Namespaced {

    private List<UnreadableField> unreadable = List.of();
    private List<String> formerNames = List.of();

    /** Notes what was left out. */
    final void leaveOut(List<UnreadableField> fields) {
        unreadable = List.copyOf(fields);
    }

    /** Notes what was said with names of before. */
    final void note(List<String> names) {
        formerNames = List.copyOf(names);
    }

    /**
     * The same resource with another status.
     *
     * @param fresh a new resource of the kind, to be filled
     */
    public final <R extends TolerantResource<S, T>> R withStatus(R fresh, T status) {
        fresh.setMetadata(getMetadata());
        fresh.setSpec(spec);
        fresh.leaveOut(unreadable);
        fresh.note(formerNames);
        fresh.setStatus(status);
        return fresh;
    }

    /** What of the spec could not be read, and is left out; nothing when the spec is whole. */
    public final List<UnreadableField> unreadable() {
        return unreadable;
    }

    /** What the spec says with names that fields had before, each as a clause; nothing when it has none of them. */
    public final List<String> formerNames() {
        return formerNames;
    }

    /** Whether the spec is whole. */
    @JsonIgnore
    public final boolean isReadable() {
        return unreadable.isEmpty();
    }

    /** Whether a field directly under {@code spec} is what was written. */
    public final boolean isReadable(String field) {
        return unreadable.stream().map(UnreadableField::top).noneMatch(top -> top.isEmpty() || top.equals(field));
    }

    /** What could not be read, as a sentence; empty when the spec is whole. */
    public final String whyUnreadable() {
        return unreadable.stream().map(UnreadableField::toString).collect(Collectors.joining("; "));
    }

    /**
     * Whether the status is about the spec as it is now. Until then it says what was true of an earlier one, and nobody
     * knows what became of the change.
     */
    @JsonIgnore
    public final boolean isObserved() {
        Long observed = observedGeneration();
        Long generation = getMetadata().getGeneration();
        return observed != null && (generation == null || observed >= generation);
    }

    /** The {@code metadata.generation} that the status describes; null without one. */
    abstract Long observedGeneration();

    /** Whether it is on its way out: from then on it counts as gone, whoever's finalizer still holds it. */
    @JsonIgnore
    public final boolean isBeingDeleted() {
        return getMetadata().getDeletionTimestamp() != null;
    }
}
