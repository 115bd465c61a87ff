package io.pptpoperator.protocol.ppp.auth;

import java.util.List;

/**
 * One side of one authentication exchange: a pure state machine. Times are milliseconds of a monotonic clock that the
 * caller passes in.
 */
public interface AuthExchange {

    /** What is sent waits {@code answerMillis} for its answer at the least: known of the path before the start. */
    default void pace(long answerMillis) {}

    /** A packet of more bytes than this would not go through the link: known of LCP before the start. */
    default void fit(int bytes) {}

    /** The authentication phase begins. */
    List<AuthAction> start(long now);

    /**
     * A packet of the method's protocol arrived (the PPP information field); malformed ones are ignored (RFC 1994
     * section 4, RFC 1334 section 2).
     */
    List<AuthAction> receive(byte[] packet, long now);

    /**
     * The answer to {@link AuthAction.Ask} came. Without a question that waits for one it has no effect; a peer's exchange
     * asks nothing.
     */
    default List<AuthAction> answered(LoginAnswer answer, long now) {
        return List.of();
    }

    /** Runs the restart timer if {@link #deadline()} has passed. */
    List<AuthAction> tick(long now);

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    long deadline();
}
