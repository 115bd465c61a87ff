package io.pptpoperator.protocol.ppp.auth;

import java.util.ArrayList;
import java.util.List;

/** An authenticator whose questions are answered in the same call, as a server's own users are. */
final class DecidedAtOnce implements AuthExchange {
    private final AuthExchange server;
    private final TestUsers users;

    DecidedAtOnce(AuthExchange server, TestUsers users) {
        this.server = server;
        this.users = users;
    }

    private List<AuthAction> decided(List<AuthAction> actions, long now) {
        List<AuthAction> done = new ArrayList<>();
        for (AuthAction action : actions) {
            if (action instanceof AuthAction.Ask(LoginQuestion question)) {
                done.addAll(decided(server.answered(users.decide(question), now), now));
            } else {
                done.add(action);
            }
        }
        return done;
    }

    @Override
    public void pace(long answerMillis) {
        server.pace(answerMillis);
    }

    @Override
    public List<AuthAction> start(long now) {
        return decided(server.start(now), now);
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        return decided(server.receive(packet, now), now);
    }

    @Override
    public List<AuthAction> tick(long now) {
        return decided(server.tick(now), now);
    }

    @Override
    public long deadline() {
        return server.deadline();
    }
}
