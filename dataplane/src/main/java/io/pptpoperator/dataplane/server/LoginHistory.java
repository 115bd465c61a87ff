package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * How the last logins of each user went. Names that no user has are not remembered, or else anybody could fill the
 * memory. For one thread.
 */
final class LoginHistory {
    /** RADIUS servers may let in more users than anybody asks about. */
    private static final int MOST_REMEMBERED = 16_384;

    private final LinkedHashMap<String, LoginView> byUser = new LinkedHashMap<>();

    void succeeded(String user, Ipv4Address from, Ipv4Address address, Instant time) {
        LoginView before = before(user);
        put(new LoginView(user, time, before.lastFailure(), before.lastFailureReason(), address, from));
    }

    void failed(String user, Ipv4Address from, String reason, Instant time) {
        LoginView before = before(user);
        put(new LoginView(user, before.lastLogin(), time, reason, before.address(), from));
    }

    /** Whether somebody of this name has logged in, or tried to and is a user. */
    boolean knows(String user) {
        return byUser.containsKey(user);
    }

    private void put(LoginView view) {
        byUser.putLast(view.user(), view);
        if (byUser.size() > MOST_REMEMBERED) {
            byUser.pollFirstEntry();
        }
    }

    private LoginView before(String user) {
        return byUser.getOrDefault(user, new LoginView(user, null, null, null, null, null));
    }

    /** Goes on with what another process knows. */
    void goOn(List<LoginView> logins) {
        logins.forEach(login -> byUser.put(login.user(), login));
    }

    /** Forgets all but these users. */
    void retain(Predicate<String> isUser) {
        byUser.keySet().removeIf(isUser.negate());
    }

    List<LoginView> all() {
        return List.copyOf(byUser.values());
    }
}
