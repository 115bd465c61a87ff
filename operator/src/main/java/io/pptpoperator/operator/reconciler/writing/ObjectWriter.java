package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cache.Caches;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.resource.Labels;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the cluster's objects what they shall be, by server-side apply. What was applied, and has not been touched
 * since, is not applied again.
 */
public final class ObjectWriter {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    private final KubernetesClient client;
    private final Caches caches;
    private final Map<Identity, Applied> applied = new ConcurrentHashMap<>();

    private record Identity(String kind, ObjectKey key) {
        static Identity of(HasMetadata object) {
            return new Identity(object.getKind(), ObjectKey.of(object));
        }
    }

    /** What was sent, and which version of which object that made. */
    private record Applied(String digest, String version, String uid) {}

    /** Writes with a client what caches do not have yet. */
    public ObjectWriter(KubernetesClient client, Caches caches) {
        this.client = client;
        this.caches = caches;
    }

    /**
     * Makes an object what it shall be.
     *
     * @return whether anything had to be written
     * @throws NameTakenException when an object of that name is somebody else's
     */
    public boolean apply(HasMetadata desired) {
        Identity identity = Identity.of(desired);
        String digest = Digests.of(client.getKubernetesSerialization().asJson(desired));
        Optional<? extends HasMetadata> current = caches.find(desired);
        Applied before = applied.get(identity);
        if (before != null && before.digest.equals(digest)
                && current.map(ObjectWriter::version).filter(before.version::equals).isPresent()) {
            return false;
        }
        HasMetadata wanted = client.getKubernetesSerialization().clone(desired);
        wanted.getMetadata().setUid(requireOwn(desired, current, Optional.ofNullable(before)).orElse(null));
        HasMetadata after = client.resource(wanted).fieldManager(Labels.OPERATOR).forceConflicts().serverSideApply();
        applied.put(identity, new Applied(digest, version(after), after.getMetadata().getUid()));
        return before == null || !before.digest.equals(digest);
    }

    /**
     * Whether an object may be made what it shall be. It is looked at each time, since somebody may have put another in
     * its place.
     *
     * @return the UID of the one that is there: no other is written to, should it be another by then
     */
    private Optional<String> requireOwn(HasMetadata desired, Optional<? extends HasMetadata> cached,
            Optional<Applied> before) {
        // What lacks the operator's labels is not in its caches, but may be there all the same.
        Optional<? extends HasMetadata> current = cached.isPresent()
                ? cached
                : Optional.ofNullable(client.resource(desired).get());
        String owner = desired.getMetadata().getOwnerReferences().getFirst().getUid();
        boolean own = current.isEmpty()
                || before.filter(it -> it.uid.equals(current.get().getMetadata().getUid())).isPresent()
                || current.get()
                        .getMetadata()
                        .getOwnerReferences()
                        .stream()
                        .anyMatch(reference -> reference.getUid().equals(owner));
        if (!own) {
            throw new NameTakenException(desired);
        }
        return current.map(it -> it.getMetadata().getUid());
    }

    /** The generation where there is one, since it ignores the status; or else the resource version. */
    private static String version(HasMetadata object) {
        Long generation = object.getMetadata().getGeneration();
        return generation == null ? object.getMetadata().getResourceVersion() : "generation " + generation;
    }

    /**
     * Deletes an object that was made earlier and is not wanted any more, if it is still the one that was looked at.
     */
    public void delete(HasMetadata object) {
        applied.remove(Identity.of(object));
        client.resource(object).lockResourceVersion(object.getMetadata().getResourceVersion()).delete();
    }

    /** Ends a pod, if it is still as it was when it was looked at; one that is gone or has changed is looked at again. */
    public void end(Pod pod) {
        try {
            client.resource(pod).lockResourceVersion(pod.getMetadata().getResourceVersion()).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND && e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    /** Forgets what was applied in a namespace for a server that is gone. */
    public void forget(String namespace, String namePrefix) {
        applied.keySet().removeIf(it -> it.key.namespace().equals(namespace) && it.key.name().startsWith(namePrefix));
    }

    /**
     * Sets an annotation, whoever manages the object. One that is gone is left alone, and so is another of its name
     * that has come since.
     */
    public void annotate(HasMetadata object, String annotation, String value) {
        try {
            client.resource(object)
                    .patch(PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"uid\":\"%s\",\"annotations\":{\"%s\":\"%s\"}}}"
                                    .formatted(object.getMetadata().getUid(), annotation, value));
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND && !refusesUid(e)) {
                throw e;
            }
        }
    }

    /** A UID never changes: the API server names the field when the object is another by now. */
    private static boolean refusesUid(KubernetesClientException e) {
        return e.getCode() == INVALID && Optional.ofNullable(e.getStatus())
                .map(Status::getDetails)
                .stream()
                .flatMap(details -> details.getCauses().stream())
                .anyMatch(cause -> "metadata.uid".equals(cause.getField()));
    }
}
