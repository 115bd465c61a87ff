package io.pptpoperator.operator;

import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.List;

/** Sessions for tests. */
public final class SessionViews {

    private SessionViews() {}

    /** A session as the operator remembers it: without what changes with every packet. */
    public static SessionView of(String id, String user, String address, String peer, Instant since,
            String... leftOut) {
        return new SessionView(id, user, Ipv4Address.parse(peer), Ipv4Address.parse(address), "mschapv2",
                "MPPE-128 stateless", since, 7, 0, 0, 0, 0, "", null, null, List.of(leftOut)).withoutTraffic();
    }
}
