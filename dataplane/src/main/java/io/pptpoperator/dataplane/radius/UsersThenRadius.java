package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.session.Authority;
import io.pptpoperator.dataplane.session.LocalUsers;
import io.pptpoperator.dataplane.session.LoginRequest;
import io.pptpoperator.dataplane.session.Verdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The users of {@code users.yaml} for the names in it, RADIUS servers for all others. Of the control loop's thread.
 *
 * <p>A wrong password of a name in the file is refused when a server would refuse it: a refusal that came sooner would say
 * which names are in the file.
 */
final class UsersThenRadius implements Authority {

    /** Does something later, on the control loop. */
    @FunctionalInterface
    interface Later {
        void after(long millis, Runnable task);
    }

    private final LocalUsers local;
    private final RadiusUsers radius;
    private final Later later;

    UsersThenRadius(LocalUsers local, RadiusUsers radius, Later later) {
        this.local = local;
        this.radius = radius;
        this.later = later;
    }

    @Override
    public void decide(LoginRequest request, Consumer<Verdict> verdict) {
        // What goes on by EAP is between the client and a server: no password that is known here could prove it.
        if (request.question().method() == AuthMethod.EAP || !isLocal(request.question().name())) {
            radius.decide(request, verdict);
            return;
        }
        local.decide(request, found -> {
            if (found instanceof Verdict.Rejected(LoginFailure reason, var message, var error)
                    && (reason == LoginFailure.BAD_CREDENTIALS || reason == LoginFailure.METHOD_NOT_POSSIBLE)) {
                later.after(radius.lastRefusal(), () -> verdict.accept(found));
            } else {
                verdict.accept(found);
            }
        });
    }

    private boolean isLocal(String name) {
        return local.users().find(name).isPresent();
    }

    @Override
    public Optional<String> objection(String username, Ipv4Address source, Instant time) {
        return isLocal(username) ? local.objection(username, source, time) : radius.objection(username, source, time);
    }
}
