package io.pptpoperator.operator.reconciler.controller;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The states of all servers that were reconciled since the operator started. Safe for use by many threads. */
public final class ServerStates {

    private final Map<ObjectKey, ServerState> states = new ConcurrentHashMap<>();

    /** Empty for a server that was not reconciled yet. */
    public Optional<ServerState> get(ObjectKey server) {
        return Optional.ofNullable(states.get(server));
    }

    void put(ObjectKey server, ServerState state) {
        states.put(server, state);
    }

    /** Forgets a server that is gone. */
    public void remove(ObjectKey server) {
        states.remove(server);
    }

    /** All states, by server. */
    public Map<ObjectKey, ServerState> all() {
        return Map.copyOf(states);
    }
}
