package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.ppp.auth.AuthAction;
import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import java.util.List;

/** Proves nothing and says nothing: for a session that has no name to log in with. */
final class SilentExchange implements AuthExchange {

    @Override
    public List<AuthAction> start(long now) {
        return List.of();
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        return List.of();
    }

    @Override
    public List<AuthAction> tick(long now) {
        return List.of();
    }

    @Override
    public long deadline() {
        return Long.MAX_VALUE;
    }
}
