package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of each server: whether it answers, since when, and what is the matter. A server that never answered
 * whether it is there, which not every server can, is judged by logins and accounting alone. Of the control loop's thread.
 */
final class ServerStates implements RadiusObserver {

    private static final String UNKNOWN = "Unknown";
    private static final String ANSWERING = "Answering";

    private final InstantSource clock;
    private final Map<String, ServerState> byName = new LinkedHashMap<>();
    private final Set<String> answeringProbes = new HashSet<>();

    ServerStates(InstantSource clock) {
        this.clock = clock;
    }

    /** These are the servers; of others nothing is known any more. */
    void retain(Collection<String> names) {
        byName.keySet().retainAll(names);
        answeringProbes.retainAll(names);
        names.forEach(it -> byName.computeIfAbsent(it, name -> new ServerState(name, Optional.empty(), UNKNOWN,
                "it has not been asked yet", clock.instant(), 0)));
    }

    /** All, in their order. */
    List<ServerState> all() {
        return List.copyOf(byName.values());
    }

    private void set(String name, Optional<Boolean> reachable, String reason, String message, long millis) {
        ServerState before = byName.get(name);
        if (before == null) {
            return; // of a server that the settings no longer name
        }
        Instant since = before.reachable().equals(reachable) && before.reason().equals(reason)
                ? before.since()
                : clock.instant();
        byName.put(name, new ServerState(name, reachable, reason, message, since, millis));
    }

    private void faulty(String name, Fault fault) {
        set(name, Optional.of(false), fault.kind().label(), "it " + fault.text(), 0);
    }

    /** Its name leads nowhere. */
    void notFound(String name, String why) {
        faulty(name, new Fault(Fault.Kind.NAME, "is not found: " + why));
    }

    @Override
    public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {
        set(server.name(), Optional.of(true), ANSWERING, "it answers", millis);
    }

    @Override
    public void silent(RadiusServer server, Purpose purpose, Fault fault) {
        faulty(server.name(), fault);
    }

    @Override
    public void probed(RadiusServer server, Optional<Fault> fault) {
        ServerState before = byName.get(server.name());
        if (before == null) {
            return;
        }
        if (fault.isEmpty()) {
            answeringProbes.add(server.name());
            if (before.reason().equals(Fault.Kind.NO_MESSAGE_AUTHENTICATOR.label())) {
                return; // only a login shows whether it has one now
            }
            set(server.name(), Optional.of(true), ANSWERING, "it answers", before.millis());
        } else if (fault.get().kind() != Fault.Kind.NO_ANSWER || answeringProbes.contains(server.name())) {
            faulty(server.name(), fault.get());
        } else if (before.reachable().isEmpty()) {
            set(server.name(), Optional.empty(), UNKNOWN,
                    "it does not answer Status-Server, which not every server knows, and nobody has logged in since",
                    0);
        }
    }

    @Override
    public void dead(RadiusServer server) {}

    @Override
    public void notBelieved(RadiusServer server, RadiusException why) {}

    @Override
    public void unexpected(RadiusServer server) {}
}
