package io.pptpoperator.operator;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** What the API server said, without what its client wraps around it. */
public final class ApiErrors {

    /** Some messages list every field of an object. */
    private static final int MAX_LENGTH = 600;

    private ApiErrors() {}

    /** The sentence that the API server answered with; without an answer, what kept it from coming. */
    public static String sentence(KubernetesClientException failure) {
        String sentence = Optional.ofNullable(failure.getStatus())
                .map(Status::getMessage)
                .filter(it -> !it.isBlank())
                .orElseGet(() -> failure.getCode() > 0
                        ? "the API server answers " + failure.getCode()
                        : "the API server does not answer: " + innermost(failure));
        String line = sentence.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
    }

    /** A failure as a sentence, whatever it is. */
    public static String sentence(Throwable failure) {
        return failure instanceof KubernetesClientException api ? sentence(api) : failure.toString();
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
