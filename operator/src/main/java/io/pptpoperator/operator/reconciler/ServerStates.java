package io.pptpoperator.operator.reconciler;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The states of all servers that were reconciled since the operator started. Safe for use by many threads. */
final class ServerStates {

    private final Map<ObjectKey, ServerState> states = new ConcurrentHashMap<>();

    /** Empty for a server that was not reconciled yet. */
    Optional<ServerState> get(ObjectKey server) {
        return Optional.ofNullable(states.get(server));
    }

    void put(ObjectKey server, ServerState state) {
        states.put(server, state);
    }

    /** Forgets a server that is gone. */
    void remove(ObjectKey server) {
        states.remove(server);
    }

    Map<ObjectKey, ServerState> all() {
        return Map.copyOf(states);
    }
}
