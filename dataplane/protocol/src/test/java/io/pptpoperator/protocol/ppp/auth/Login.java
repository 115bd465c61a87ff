package io.pptpoperator.protocol.ppp.auth;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Both sides of an exchange, joined by a network that loses what it is told to lose. */
final class Login {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AuthExchange server;
    private final AuthExchange client;
    private final Predicate<byte[]> lost;
    private final List<AuthAction> serverResults = new ArrayList<>();
    private final List<AuthAction> clientResults = new ArrayList<>();
    private final Deque<Runnable> network = new ArrayDeque<>();
    private long now;

    Login(AuthMethod method, TestUsers users, String name, String password, Predicate<byte[]> lost) {
        server = server(method, users, 0);
        client = AuthExchanges.peer(method, name, password, RANDOM);
        this.lost = lost;
    }

    static AuthExchange server(AuthMethod method, TestUsers users, int retries) {
        return new DecidedAtOnce(
                AuthExchanges.authenticator(method, new AuthenticatorSettings("gateway", retries), RANDOM), users);
    }

    /** Runs until both sides have come to an end, or have nothing more to wait for. */
    Login run() {
        fromServer(server.start(now));
        fromClient(client.start(now));
        while (true) {
            while (!network.isEmpty()) {
                network.poll().run();
            }
            long next = Math.min(server.deadline(), client.deadline());
            if (next == Long.MAX_VALUE) {
                return this;
            }
            now = next;
            fromServer(server.tick(now));
            fromClient(client.tick(now));
        }
    }

    private void fromServer(List<AuthAction> actions) {
        for (AuthAction action : actions) {
            if (action instanceof AuthAction.Send send) {
                deliver(send, packet -> fromClient(client.receive(packet, now)));
            } else {
                serverResults.add(action);
            }
        }
    }

    private void fromClient(List<AuthAction> actions) {
        for (AuthAction action : actions) {
            if (action instanceof AuthAction.Send send) {
                deliver(send, packet -> fromServer(server.receive(packet, now)));
            } else {
                clientResults.add(action);
            }
        }
    }

    private void deliver(AuthAction.Send send, Consumer<byte[]> receiver) {
        if (!lost.test(send.packet())) {
            network.add(() -> receiver.accept(send.packet()));
        }
    }

    List<AuthAction> serverResults() {
        return serverResults;
    }

    List<AuthAction> clientResults() {
        return clientResults;
    }

    /** When it ended, in milliseconds since it began. */
    long endedAt() {
        return now;
    }
}
