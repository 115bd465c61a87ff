package io.pptpoperator.dataplane.network;

import java.io.Serial;
import java.util.List;

/** A server's network could not be set up; the message says what to do. */
public final class NetworkSetupException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NetworkSetupException(List<String> failures) {
        super(String.join("; ", failures));
    }
}
