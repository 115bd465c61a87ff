package io.pptpoperator.operator.roster;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;
import java.util.Optional;

/** Finds Secrets that are there for something: for VpnUsers those with {@link PasswordMark}. */
@FunctionalInterface
public interface SecretLookup {

    /** The Secret's data, still in base64; empty when there is none of this name that has the mark. */
    Optional<Map<String, String>> data(ObjectKey secret);
}
