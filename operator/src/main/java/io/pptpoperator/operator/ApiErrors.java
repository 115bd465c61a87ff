package io.pptpoperator.operator;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/** What the API server said, without what its client wraps around it. */
public final class ApiErrors {

    /** Some messages list every field of an object. */
    private static final int MAX_LENGTH = 600;
    private static final int SERVER_ERRORS = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private ApiErrors() {}

    /** The sentence that the API server answered with; without an answer, what kept it from coming. */
    public static String sentence(KubernetesClientException failure) {
        String sentence = Optional.ofNullable(failure.getStatus())
                .map(Status::getMessage)
                .filter(it -> !it.isBlank())
                .orElseGet(() -> failure.getCode() > 0
                        ? "the API server answers " + failure.getCode()
                        : "the API server does not answer: " + connection(failure).orElseGet(() -> innermost(failure)));
        return fitting(sentence);
    }

    /** A message of Kubernetes' as a part of a sentence. */
    public static String onOneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String fitting(String sentence) {
        String line = onOneLine(sentence);
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
    }

    /**
     * A failure as a sentence, whatever it is: never the names of classes that it went through, nor more than a few lines.
     */
    public static String sentence(Throwable failure) {
        return switch (failure) {
            case KubernetesClientException api -> sentence(api);
            case CompletionException wrapped when wrapped.getCause() != null -> sentence(wrapped.getCause());
            case ExecutionException wrapped when wrapped.getCause() != null -> sentence(wrapped.getCause());
            case UncheckedIOException wrapped -> sentence(wrapped.getCause());
            case IOException e -> fitting(connection(e).orElseGet(() -> innermost(e)));
            case IllegalStateException e -> fitting(innermost(e));
            case IllegalArgumentException e -> fitting(innermost(e));
            // Nobody thought of it, and its kind says more than its message.
            default -> fitting(failure.getClass().getSimpleName() + ": " + innermost(failure));
        };
    }

    /** Whether nobody answered, or only that nothing can be answered now: it may be over at any moment. */
    public static boolean isAbsence(Throwable failure) {
        return failure instanceof KubernetesClientException api
                && (api.getCode() <= 0 || api.getCode() >= SERVER_ERRORS || api.getCode() == TOO_MANY_REQUESTS);
    }

    /** What happened to a connection; the first cause that tells it. */
    private static Optional<String> connection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = switch (cause) {
                case ConnectException e ->
                    e.getMessage() == null ? "the connection was refused, or there is no way there" : e.getMessage();
                case HttpTimeoutException e -> "no answer came in time";
                case SocketTimeoutException e -> "no answer came in time";
                case UnknownHostException e -> "the name " + e.getMessage() + " does not resolve";
                case SSLException e -> "the TLS connection failed: " + innermost(e);
                case ClosedChannelException e -> "the connection was closed";
                case EOFException e -> "the connection was closed";
                default -> null;
            };
            if (said != null) {
                return Optional.of(said);
            }
        }
        return Optional.empty();
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
