package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.radius.DynamicRequest;
import io.pptpoperator.protocol.radius.DynamicRequest.ErrorCause;
import io.pptpoperator.protocol.radius.Grants;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Does to sessions what servers ask for: to all that are meant, or to none. Of the control loop's thread.
 *
 * <p>A user's name means all the user's sessions.
 */
final class SessionChanges implements DynamicAuthorization.Sessions {
    private final Sessions sessions;
    private final GrantedTerms possible;
    private final Consumer<Session> changed;
    private final LongSupplier millis;

    /**
     * @param possible what of a change this host can give
     * @param changed is told of each session whose terms are others now
     * @param millis the monotonic clock
     */
    SessionChanges(Sessions sessions, GrantedTerms possible, Consumer<Session> changed, LongSupplier millis) {
        this.sessions = sessions;
        this.possible = possible;
        this.changed = changed;
        this.millis = millis;
    }

    @Override
    public Optional<ErrorCause> apply(DynamicRequest request) {
        return switch (request) {
            case DynamicRequest.Disconnect(DynamicRequest.Target target) -> disconnect(meant(target));
            case DynamicRequest.Change(DynamicRequest.Target target, Grants grants) -> change(meant(target), grants);
            case DynamicRequest.Impossible impossible -> Optional.of(impossible.cause());
        };
    }

    private List<Session> meant(DynamicRequest.Target target) {
        return sessions.all()
                .stream()
                .filter(Session::isConnected)
                .filter(session -> target.fits(identity(session)))
                .toList();
    }

    private static DynamicRequest.Identity identity(Session session) {
        return new DynamicRequest.Identity(session.id(), session.username().orElseThrow(),
                session.address().orElseThrow(), session.peer(), NasIdentity.port(session.id()));
    }

    private Optional<ErrorCause> disconnect(List<Session> meant) {
        if (meant.isEmpty()) {
            return Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
        }
        meant.forEach(session -> sessions.end(session, TerminationReason.ADMIN, "a RADIUS server asked for it",
                millis.getAsLong()));
        return Optional.empty();
    }

    private Optional<ErrorCause> change(List<Session> meant, Grants grants) {
        if (meant.isEmpty()) {
            return Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
        }
        if (!possible.isPossible(grants)) {
            return Optional.of(ErrorCause.INVALID_ATTRIBUTE_VALUE);
        }
        for (Session session : meant) {
            Terms terms = GrantedTerms.changed(session.terms(), grants);
            sessions.change(session, terms, millis.getAsLong());
            changed.accept(session);
        }
        return Optional.empty();
    }
}
