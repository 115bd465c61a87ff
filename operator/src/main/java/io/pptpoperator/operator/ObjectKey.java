package io.pptpoperator.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;

/**
 * What names an object of one kind in a cluster.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    /** The key of an object. */
    public static ObjectKey of(HasMetadata object) {
        return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    /** Orders by namespace, then by name. */
    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** Namespace and name with a slash between them. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
