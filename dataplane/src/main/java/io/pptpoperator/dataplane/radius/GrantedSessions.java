package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.Grants;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What RADIUS servers granted to the sessions that there are. Of the control loop's thread. */
final class GrantedSessions {
    private final Map<String, Grants> bySession = new HashMap<>();

    void granted(String session, Grants grants) {
        bySession.put(session, grants);
    }

    /** Empty when no RADIUS server let the session in. */
    Optional<Grants> of(String session) {
        return Optional.ofNullable(bySession.get(session));
    }

    void over(String session) {
        bySession.remove(session);
    }
}
