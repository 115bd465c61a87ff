package io.pptpoperator.operator.roster;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;
import java.util.Optional;

/** Finds Secrets. */
@FunctionalInterface
public interface SecretLookup {

    /** The Secret's data, still in base64; empty when there is no such Secret. */
    Optional<Map<String, String>> data(ObjectKey secret);
}
