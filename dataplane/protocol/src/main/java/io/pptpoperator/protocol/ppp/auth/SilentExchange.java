package io.pptpoperator.protocol.ppp.auth;

import java.util.List;

/** Proves nothing, says nothing and waits for nothing: before a login, and for who has no name to log in with. */
public final class SilentExchange implements AuthExchange {

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
