package io.pptpoperator.operator.roster;

import java.util.Map;
import java.util.Optional;

/** Finds the labels of namespaces. */
@FunctionalInterface
public interface NamespaceLookup {

    /** Nobody knows of any. */
    NamespaceLookup UNSEEN = namespace -> Optional.empty();

    /** The labels of a namespace; empty when they are not to be seen, by want of rights or of the namespace. */
    Optional<Map<String, String>> labels(String namespace);
}
